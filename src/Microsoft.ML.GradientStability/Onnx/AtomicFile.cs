namespace Microsoft.ML.GradientStability;

/// <summary>
/// Writes a file whole or not at all: beside its place first, flushed to the disk, then renamed into it. A file that was there keeps its
/// mode, and a symbolic link stays one: the file behind it is replaced.
/// </summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The path cannot be written; the message says which, and why.</exception>
    public static unsafe void Write(string path, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            using var stream = new UnmanagedMemoryStream(start, bytes.Length);
            Write(path, stream.CopyTo);
        }
    }

    /// <summary>The same of what writes itself.</summary>
    /// <exception cref="IOException">The path cannot be written; the message says which, and why.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string? beside = null;
        try
        {
            var file = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : Path.GetFullPath(path);
            var mode = ModeOf(file);
            beside = $"{file}.{Guid.NewGuid():N}.tmp";
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                if (mode is { } kept && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(stream.SafeFileHandle, kept);
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Delete(beside);
            throw new IOException(
                $"Cannot write '{path}': {e.Message} Choose a folder that exists, can be written and has room; nothing was left behind, and what was there is as it was.", e);
        }
    }

    /// <summary>The mode of a file that exists, where there are modes. That it may be written is tried: a rename would not ask.</summary>
    private static UnixFileMode? ModeOf(string file)
    {
        if (!Path.Exists(file))
            return null;
        using var existing = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        return OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(existing.SafeFileHandle);
    }

    private static void Delete(string? file)
    {
        try
        {
            if (file is not null)
                File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first error tells more.
        }
    }
}
