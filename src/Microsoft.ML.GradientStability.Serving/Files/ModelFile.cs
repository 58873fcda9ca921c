namespace Microsoft.ML.GradientStability.Serving;

/// <summary>The bytes of a model, and what tells them from what the path held before.</summary>
internal sealed record ModelFile(byte[] Bytes, FileStamp Stamp)
{
    /// <exception cref="ModelFileException">The file cannot be read, is too large, or changes while it is read.</exception>
    public static ModelFile Read(string path, long maxBytes)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = file.Length;
            if (length == 0)
                throw new ModelFileException("it is empty");
            if (length > maxBytes)
                throw new ModelFileException($"it has {length:N0} bytes, more than MaxFileBytes = {maxBytes:N0}");
            var before = FileStamp.Of(path);
            var bytes = new byte[length];
            file.ReadExactly(bytes);
            return before is not null && FileStamp.Of(path) == before
                ? new(bytes, before)
                : throw new ModelFileException("it changed while it was read; write it beside its place and rename it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFileException(Directory.Exists(path) ? "it is a folder" : File.Exists(path) ? e.Message.TrimEnd('.') : "there is no such file", e);
        }
    }
}
