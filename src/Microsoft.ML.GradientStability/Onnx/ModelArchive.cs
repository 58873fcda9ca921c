using System.IO.Compression;
using System.IO.Hashing;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The zip archive that a saved ML.NET model is. ML.NET reads it without a look at its checksums, and believes the lengths that it declares.
/// </summary>
internal static class ModelArchive
{
    /// <summary>An archive may inflate to so many times its size, and to <see cref="Free"/> beyond that. Weights shrink by a tenth, text to a tenth.</summary>
    private const long GreatestRatio = 100;

    private const long Free = 64 << 20;

    /// <summary>Reads the whole archive, and holds every entry against its checksum and every network of ours against its digest.</summary>
    /// <returns>Whether it holds an ONNX file, ours or another's.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged, or inflates beyond measure.</exception>
    public static bool Check(Stream file)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var room = Free + GreatestRatio * file.Length;
        var buffer = new byte[1 << 16];
        foreach (var entry in zip.Entries)
        {
            var checksum = new Crc32();
            var length = 0L;
            using (var stream = entry.Open())
                for (int read; (read = stream.Read(buffer)) > 0; length += read)
                {
                    checksum.Append(buffer.AsSpan(0, read));
                    if ((room -= read) < 0)
                        throw new InvalidDataException(
                            $"The file inflates to more than {GreatestRatio} times its {file.Length} bytes, which no model does; take it from where you trust it.");
                }
            if (length != entry.Length || checksum.GetCurrentHashAsUInt32() != entry.Crc32)
                throw new InvalidDataException($"Entry '{entry.FullName}' is damaged: its bytes do not have their checksum. Take another copy of the file.");
            if (OnnxEntry.Is(entry))
                OnnxDigest.IsOurs(OnnxEntry.Read(entry));
        }
        return zip.Entries.Any(OnnxEntry.Is);
    }
}
