using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>An ONNX file around a graph.</summary>
internal static class OnnxFile
{
    /// <summary>By which a file is known as ours.</summary>
    public const string Producer = "Microsoft.ML.GradientStability";

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
