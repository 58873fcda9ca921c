using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.GradientStability;

/// <summary>The entry of a saved ML.NET model in which its ONNX transformer keeps an ONNX file: an Int32 with the length, then the bytes.</summary>
internal static class OnnxEntry
{
    public static bool Is(ZipArchiveEntry entry) => entry.FullName.EndsWith("OnnxModel", StringComparison.Ordinal);

    /// <summary>The bytes of the ONNX file.</summary>
    /// <exception cref="InvalidDataException">The entry is not as long as it says.</exception>
    public static byte[] Read(ZipArchiveEntry entry)
    {
        // What an entry declares is believed once the bytes are there.
        using var content = new MemoryStream();
        using (var stream = entry.Open())
            stream.CopyTo(content);
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        return bytes.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(bytes) == bytes.Length - sizeof(int)
            ? bytes[sizeof(int)..].ToArray()
            : throw new InvalidDataException($"Entry '{entry.FullName}' is damaged: it holds {bytes.Length} bytes and declares another number.");
    }
}
