using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>An ONNX file around a graph.</summary>
internal static class OnnxFile
{
    /// <summary>By which a file is known as ours.</summary>
    public const string Producer = "Microsoft.ML.GradientStability";

    /// <summary>Bytes of constants in one piece: what a message of protobuf holds is less than 2 GiB, all the rest with it.</summary>
    public const long MostBytes = 2_000_000_000;

    /// <summary>The version of the library.</summary>
    public static string Version { get; } = typeof(OnnxFile).Assembly.GetName().Version!.ToString(3);

    /// <summary>The bytes of the file, sealed by their digest; at the lowest opset that holds the graph.</summary>
    public static byte[] Write(GraphProto graph, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var opset = OnnxOpset.Lowest(graph.Node);
        var model = new ModelProto { IrVersion = OnnxOpset.IrVersion(opset), ProducerName = Producer, ProducerVersion = Version, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        foreach (var domain in graph.Node.Select(node => node.Domain).Where(domain => domain.Length > 0).Distinct().Order(StringComparer.Ordinal))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = OnnxOpset.OfDomain(domain) });
        foreach (var (key, value) in metadata)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return OnnxDigest.Seal(model.ToByteArray());
    }

    /// <summary>The same with the constants in another file where they take more than so many bytes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="most">Bytes of constants that stay in the file.</param>
    /// <param name="name">Of the other file.</param>
    public static OnnxPieces Write(GraphProto graph, IReadOnlyCollection<KeyValuePair<string, string>> metadata, long most, string name)
    {
        if (ExternalData.SizeOf(graph) <= most)
            return new OnnxPieces(Write(graph, metadata), null);
        var (rest, data) = ExternalData.Split(graph, name);
        return new OnnxPieces(Write(rest, [.. metadata, data.ToMetadata()]), data);
    }

    /// <summary>An input or an output, batch × <paramref name="width"/>, with a batch of any size, and of any width where that is 0.</summary>
    public static ValueInfoProto Value(string name, TensorProto.Types.DataType type, int width) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = type,
                Shape = new TensorShapeProto
                {
                    Dim =
                    {
                        new TensorShapeProto.Types.Dimension { DimParam = "batch" },
                        width == 0 ? new TensorShapeProto.Types.Dimension { DimParam = "length" } : new TensorShapeProto.Types.Dimension { DimValue = width },
                    },
                },
            },
        },
    };
}
