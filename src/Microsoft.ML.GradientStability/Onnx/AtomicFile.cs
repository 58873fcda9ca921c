namespace Microsoft.ML.GradientStability;

/// <summary>Writes a file whole or not at all: beside its place first, then renamed into it.</summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The path cannot be written; the message says which, and why.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            try
            {
                File.Delete(beside);
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                // The first error tells more.
            }
            throw new IOException($"Cannot write '{path}': {e.Message} Choose a folder that exists and can be written; nothing was left behind.", e);
        }
    }
}
