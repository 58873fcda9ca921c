using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// An ONNX graph under construction, opset 17, with a dynamic first dimension (the batch). Every node has one output, named as the
/// node; parts of a network add their own nodes and pass on the name of what they computed.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>The first opset with LayerNormalization; ONNX Runtime knows it since 1.12.</summary>
    private const int Opset = 17;

    /// <summary>The format version that goes with opset 17.</summary>
    private const int IrVersion = 8;

    /// <summary>By which a file is known as ours.</summary>
    public const string Producer = "Microsoft.ML.GradientStability";

    private const string BatchDimension = "batch";

    private readonly GraphProto _graph = new() { Name = "network" };

    /// <summary>Declares an input of Single, batch × <paramref name="width"/>.</summary>
    public string Input(string name, int width)
    {
        _graph.Input.Add(Value(name, TensorProto.Types.DataType.Float, width));
        return name;
    }

    /// <summary>Adds a tensor of Single that is stored in the file.</summary>
    public string Constant(string name, Tensor values)
    {
        var constant = new TensorProto { Name = name, DataType = TensorProto.Types.DataType.Float };
        constant.Dims.AddRange(values.shape);
        using var contiguous = values.detach().contiguous();
        constant.RawData = ByteString.CopyFrom(contiguous.bytes);
        _graph.Initializer.Add(constant);
        return name;
    }

    /// <summary>Adds a number that is stored in the file.</summary>
    public string Constant(string name, float value)
    {
        using var values = tensor(new[] { value }, device: CPU);
        return Constant(name, values);
    }

    /// <summary>Adds a number without dimensions, as the bounds of Clip are.</summary>
    public string Scalar(string name, float value)
    {
        using var values = tensor(value, device: CPU);
        return Constant(name, values);
    }

    /// <summary>Adds a shape that is stored in the file: 0 keeps a dimension, −1 takes what is left.</summary>
    public string Constant(string name, ReadOnlySpan<long> shape)
    {
        _graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = TensorProto.Types.DataType.Int64,
            Dims = { shape.Length },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(shape)),
        });
        return name;
    }

    /// <summary>Adds a node; attributes are Single, Int32 or an array of Int32. Returns the name of its output.</summary>
    public string Add(string operation, IEnumerable<string> inputs, string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = name, Input = { inputs }, Output = { name } };
        foreach (var (key, value) in attributes)
            node.Attribute.Add(value switch
            {
                float number => new AttributeProto { Name = key, F = number, Type = AttributeProto.Types.AttributeType.Float },
                int[] numbers => new AttributeProto { Name = key, Ints = { numbers.Select(n => (long)n) }, Type = AttributeProto.Types.AttributeType.Ints },
                _ => new AttributeProto { Name = key, I = (int)value, Type = AttributeProto.Types.AttributeType.Int },
            });
        _graph.Node.Add(node);
        return name;
    }

    /// <summary>All nodes, in the order in which they were added.</summary>
    public IReadOnlyList<NodeProto> Nodes => _graph.Node;

    /// <summary>All constants, in the order in which they were added.</summary>
    public IReadOnlyList<TensorProto> Constants => _graph.Initializer;

    /// <summary>Declares the result of a node as an output of the model, batch × <paramref name="width"/>.</summary>
    public void Output(string name, int width, bool isIndex = false) =>
        _graph.Output.Add(Value(name, isIndex ? TensorProto.Types.DataType.Int64 : TensorProto.Types.DataType.Float, width));

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = Producer,
            ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version!.ToString(3),
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = Opset } },
        };
        foreach (var (key, value) in metadata)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model.ToByteArray();
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, int width) => new()
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
                        new TensorShapeProto.Types.Dimension { DimParam = BatchDimension },
                        new TensorShapeProto.Types.Dimension { DimValue = width },
                    },
                },
            },
        },
    };
}
