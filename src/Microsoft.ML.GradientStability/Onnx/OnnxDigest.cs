using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The seal of an ONNX file of ours: its last entry is one of the metadata, <c>sha256</c>, with the SHA-256 of all bytes before it. ONNX
/// runtimes read it as metadata; a byte that changed anywhere shows. It tells damage, not malice: whoever changes a file can seal it anew.
/// </summary>
internal static class OnnxDigest
{
    public const string Key = "sha256";

    /// <summary>The bytes with their seal. An entry of metadata may follow a whole message: protobuf messages, joined, are one.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> file) => [.. file, .. Entry(SHA256.HashData(file))];

    /// <summary>Reads a file that this library wrote.</summary>
    /// <param name="file">The bytes of an ONNX file.</param>
    /// <returns><see langword="null"/> for a file that something else wrote.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, was changed, or keeps weights in other files.</exception>
    public static ModelProto? Open(ReadOnlySpan<byte> file)
    {
        var model = Parse(file);
        return model?.Graph.Initializer.FirstOrDefault(constant => constant.DataLocation == TensorProto.Types.DataLocation.External) is { } away
            ? throw IsElsewhere(away.ExternalData.FirstOrDefault(part => part.Key == "location")?.Value ?? "")
            : model;
    }

    /// <summary>The same, its constants in whatever file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or was changed.</exception>
    public static ModelProto? Parse(ReadOnlySpan<byte> file) => IsOurs(file) ? ModelProto.Parser.ParseFrom(file) : null;

    /// <summary>Whether this library wrote a file.</summary>
    /// <exception cref="InvalidDataException">It did, and the file is damaged or was changed; or a file of whatever origin keeps weights in other files.</exception>
    public static bool IsOurs(ReadOnlySpan<byte> file)
    {
        var seal = Entry(new byte[SHA256.HashSizeInBytes]).Length;
        if (file.Length > seal && file[^seal..].SequenceEqual(Entry(SHA256.HashData(file[..^seal]))))
            return true;

        // Not parsed: bytes that nobody vouches for may declare a thousand times the memory that they take.
        if (ExternalFile(file) is { } other)
            throw IsElsewhere(other);
        if (file.IndexOf(Encoding.UTF8.GetBytes(OnnxFile.Producer)) >= 0 || file.IndexOf(Encoding.UTF8.GetBytes(Key)) >= 0)
            throw new InvalidDataException(
                "The network is damaged, or was changed after it was written: its bytes do not have the digest in its metadata. Take another copy of the file, or save the model again.");
        return false;
    }

    private static InvalidDataException IsElsewhere(string file) => new(
        $"The ONNX file keeps weights in another file, '{file}' (external data), which cannot be read here. Open one of this library by mlContext.Model.LoadFromOnnx, or save the model again from the program that trained it.");

    private static byte[] Entry(byte[] digest) =>
        new ModelProto { MetadataProps = { new StringStringEntryProto { Key = Key, Value = Convert.ToHexStringLower(digest) } } }.ToByteArray();

    /// <summary>The file that the first tensor with external data names: the entry <c>location</c> of a StringStringEntryProto.</summary>
    private static string? ExternalFile(ReadOnlySpan<byte> file)
    {
        var found = file.IndexOf("\n\x08location\x12"u8);
        if (found < 0)
            return null;
        var name = file[(found + 11)..];
        return name.Length > 0 && name[0] < name.Length ? Encoding.UTF8.GetString(name.Slice(1, name[0])) : "";
    }
}
