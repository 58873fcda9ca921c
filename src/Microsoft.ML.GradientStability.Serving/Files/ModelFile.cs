namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// The bytes of a model, and what tells them from what the path held before: time, length and where a link leads. A path is replaced by a rename,
/// by another link or folder behind it, or overwritten in place; each of these changes one of the three.
/// </summary>
internal sealed record ModelFile(byte[] Bytes, ModelFile.Stamp At)
{
    /// <exception cref="ModelFileException">The file cannot be read, is too large, or changes while it is read.</exception>
    public static ModelFile Read(string path, long maxBytes)
    {
        try
        {
            var before = Stamp.Of(path) ?? throw new ModelFileException("there is no such file");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = file.Length;
            if (length == 0)
                throw new ModelFileException("it is empty");
            if (length > maxBytes)
                throw new ModelFileException($"it has {length:N0} bytes, more than MaxFileBytes = {maxBytes:N0}");
            var bytes = new byte[length];
            file.ReadExactly(bytes);
            return Stamp.Of(path) == before
                ? new(bytes, before)
                : throw new ModelFileException("it changed while it was read; write it beside its place and rename it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFileException(e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>What a look at a path shows without reading the file.</summary>
    internal sealed record Stamp(DateTime Written, DateTime Created, long Length, string? Target)
    {
        /// <summary>Null where there is no file, or none that can be looked at.</summary>
        public static Stamp? Of(string path)
        {
            try
            {
                var target = File.ResolveLinkTarget(path, returnFinalTarget: true);
                var info = new FileInfo(target?.FullName ?? path);
                return info.Exists ? new(info.LastWriteTimeUtc, info.CreationTimeUtc, info.Length, target?.FullName) : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
