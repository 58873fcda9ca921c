using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The constants of a graph in a file of their own beside that of the model (ONNX's external data): a protobuf message, and so a file in one piece, holds
/// less than 2 GiB. The model's metadata have the length and the SHA-256 of that file.
/// </summary>
internal sealed class ExternalData
{
    /// <summary>The entry of the metadata.</summary>
    public const string Key = "externalData";

    /// <summary>Bytes of constants that stay in the model's own file: shapes and bounds, which ONNX Runtime wants at hand.</summary>
    private const int Small = 1024;

    /// <summary>Where each constant begins is a multiple of this, so that it can be mapped into memory.</summary>
    private const int Alignment = 4096;

    private readonly List<(long Offset, ByteString Bytes)> _parts = [];

    private ExternalData(string name) => Name = name;

    /// <summary>Of the file, without a folder.</summary>
    public string Name { get; }

    public long Length { get; private set; }

    /// <summary>What the constants of a graph take.</summary>
    public static long SizeOf(GraphProto graph) => graph.Initializer.Sum(constant => (long)constant.RawData.Length);

    /// <summary>A copy of a graph without its large constants, and these.</summary>
    public static (GraphProto Graph, ExternalData Data) Split(GraphProto graph, string name)
    {
        // Bytes are shared, not copied.
        var (rest, data) = (graph.Clone(), new ExternalData(name));
        foreach (var constant in rest.Initializer.Where(constant => constant.RawData.Length > Small))
        {
            var offset = (data.Length + Alignment - 1) / Alignment * Alignment;
            data._parts.Add((offset, constant.RawData));
            data.Length = offset + constant.RawData.Length;
            constant.DataLocation = TensorProto.Types.DataLocation.External;
            Add("location", name);
            Add("offset", $"{offset}");
            Add("length", $"{constant.RawData.Length}");
            constant.ClearRawData();

            void Add(string key, string value) => constant.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        }
        return (rest, data);
    }

    public void WriteTo(Stream stream)
    {
        var (at, padding) = (0L, new byte[Alignment]);
        foreach (var (offset, bytes) in _parts)
        {
            stream.Write(padding.AsSpan(0, (int)(offset - at)));
            stream.Write(bytes.Span);
            at = offset + bytes.Length;
        }
    }

    /// <summary>The entry that vouches for the file.</summary>
    public KeyValuePair<string, string> ToMetadata()
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
            WriteTo(stream);
        return KeyValuePair.Create(Key, JsonSerializer.Serialize(new Entry(Name, Length, Convert.ToHexStringLower(hash.Hash!))));
    }

    /// <summary>The bytes of a model that was read from a path, with its constants in them.</summary>
    /// <exception cref="InvalidDataException">The file of the constants is not there, or not the one that was written with the model.</exception>
    /// <exception cref="NotSupportedException">They do not fit into one piece.</exception>
    public static byte[] Inline(string path, byte[] onnx)
    {
        if (OnnxDigest.Parse(onnx) is not { } model || model.MetadataProps.FirstOrDefault(entry => entry.Key == Key) is not { } entry)
            return onnx;
        var written = JsonSerializer.Deserialize<Entry>(entry.Value)!;
        if (written.Bytes > OnnxFile.MostBytes)
            throw new NotSupportedException(
                $"'{path}' has {written.Bytes:N0} bytes of weights in a file of their own, and ML.NET's OnnxTransformer keeps a model in one piece, below 2 GiB. Score it by ONNX Runtime itself.");
        // Of another folder nothing is opened, whatever the file says.
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(written.File));
        if (Path.GetFileName(written.File) != written.File || !File.Exists(file))
            throw new InvalidDataException($"The file of its weights, '{written.File}', is not beside it. Copy both.");
        var bytes = new FileInfo(file).Length == written.Bytes ? File.ReadAllBytes(file) : [];
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != written.Sha256)
            throw new InvalidDataException($"The file of its weights, '{written.File}', is damaged, or of another model. Copy both again.");
        foreach (var constant in model.Graph.Initializer.Where(constant => constant.DataLocation == TensorProto.Types.DataLocation.External))
        {
            var place = constant.ExternalData.ToDictionary(part => part.Key, part => part.Value);
            constant.RawData = ByteString.CopyFrom(bytes.AsSpan(int.Parse(place["offset"]), int.Parse(place["length"])));
            constant.ClearDataLocation();
            constant.ExternalData.Clear();
        }
        return OnnxFile.Write(model.Graph, model.MetadataProps.Where(other => other != entry && other.Key != OnnxDigest.Key).Select(other => KeyValuePair.Create(other.Key, other.Value)));
    }

    private sealed record Entry(string File, long Bytes, string Sha256);
}
