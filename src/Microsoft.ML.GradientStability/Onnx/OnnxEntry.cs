using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.GradientStability;

/// <summary>The entry of a saved ML.NET model in which its ONNX transformer keeps an ONNX file: an Int32 with the length, then the bytes.</summary>
internal static class OnnxEntry
{
    public static bool Is(ZipArchiveEntry entry) => entry.FullName.EndsWith("OnnxModel", StringComparison.Ordinal);

    /// <summary>The bytes of the ONNX file, from an archive whose lengths are true.</summary>
    /// <exception cref="InvalidDataException">The entry is not as long as it says.</exception>
    public static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        Span<byte> length = stackalloc byte[sizeof(int)];
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length
            || BinaryPrimitives.ReadInt32LittleEndian(length) != entry.Length - length.Length)
            throw new InvalidDataException($"Entry '{entry.FullName}' is damaged: it holds {entry.Length} bytes, and says another number.");
        var bytes = new byte[entry.Length - length.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
