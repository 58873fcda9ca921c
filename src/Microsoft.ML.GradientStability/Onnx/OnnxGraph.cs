using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// An ONNX graph under construction, with a dynamic first dimension (the batch). Every node has one output; parts of a network
/// add their own nodes and pass on the name of what they computed. Inputs and outputs are called as the columns of the user; what lies
/// between them has a prefix that none of these begins with, so no column can be taken for a weight.
/// </summary>
/// <param name="columns">The names of all inputs and outputs.</param>
internal sealed class OnnxGraph(params ReadOnlySpan<string> columns)
{
    /// <summary>What the names inside a network begin with, where no column does.</summary>
    private const string NetworkPrefix = "network/";

    private readonly GraphProto _graph = new() { Name = "network" };
    private readonly string _prefix = InnerPrefix(columns);

    /// <summary>What the names inside a graph begin with: <c>network/</c>, with as many more slashes as it takes to differ from all columns.</summary>
    public static string InnerPrefix(params ReadOnlySpan<string> columns) => InnerPrefix(NetworkPrefix, columns);

    /// <summary>The same from another beginning, which ends with a slash.</summary>
    public static string InnerPrefix(string prefix, ReadOnlySpan<string> columns)
    {
        for (var i = 0; i < columns.Length; i++)
            while (columns[i].StartsWith(prefix, StringComparison.Ordinal))
                prefix += '/';
        return prefix;
    }

    /// <summary>Declares an input of Single, batch × <paramref name="width"/>; of any width where that is 0.</summary>
    public string Input(string name, int width)
    {
        _graph.Input.Add(Value(name, TensorProto.Types.DataType.Float, width));
        return name;
    }

    /// <summary>Adds a tensor of Single that is stored in the file.</summary>
    public string Constant(string name, Tensor values)
    {
        var constant = new TensorProto { Name = _prefix + name, DataType = TensorProto.Types.DataType.Float };
        constant.Dims.AddRange(values.shape);
        using var contiguous = values.detach().contiguous();
        constant.RawData = ByteString.CopyFrom(contiguous.bytes);
        _graph.Initializer.Add(constant);
        return constant.Name;
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
        var constant = Numbers(_prefix + name, shape);
        _graph.Initializer.Add(constant);
        return constant.Name;
    }

    /// <summary>A tensor of Single without dimensions.</summary>
    public static TensorProto Number(string name, float value) => new()
    {
        Name = name,
        DataType = TensorProto.Types.DataType.Float,
        RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(in value))),
    };

    /// <summary>A tensor of Int64, one-dimensional.</summary>
    public static TensorProto Numbers(string name, ReadOnlySpan<long> values) => new()
    {
        Name = name,
        DataType = TensorProto.Types.DataType.Int64,
        Dims = { values.Length },
        RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
    };

    /// <summary>Adds a node; attributes are Single, Int32, text or arrays of the latter two. Returns the name of its output.</summary>
    public string Add(string operation, IEnumerable<string> inputs, string name, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Add(operation, inputs, name, _prefix + name, attributes);

    /// <summary>Adds a node whose result is an output of the model, batch × <paramref name="width"/>, of Single or an index, Int64.</summary>
    public void AddOutput(string operation, IEnumerable<string> inputs, string name, int width, bool isIndex = false)
    {
        Add(operation, inputs, $"output{_graph.Output.Count}", name);
        _graph.Output.Add(Value(name, isIndex ? TensorProto.Types.DataType.Int64 : TensorProto.Types.DataType.Float, width));
    }

    private string Add(string operation, IEnumerable<string> inputs, string name, string output, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = name, Input = { inputs }, Output = { output } };
        foreach (var (key, value) in attributes)
            node.Attribute.Add(value switch
            {
                float number => new AttributeProto { Name = key, F = number, Type = AttributeProto.Types.AttributeType.Float },
                int[] numbers => new AttributeProto { Name = key, Ints = { numbers.Select(n => (long)n) }, Type = AttributeProto.Types.AttributeType.Ints },
                string text => new AttributeProto { Name = key, S = ByteString.CopyFromUtf8(text), Type = AttributeProto.Types.AttributeType.String },
                string[] texts => new AttributeProto { Name = key, Strings = { texts.Select(ByteString.CopyFromUtf8) }, Type = AttributeProto.Types.AttributeType.Strings },
                _ => new AttributeProto { Name = key, I = (int)value, Type = AttributeProto.Types.AttributeType.Int },
            });
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>The graph as it stands.</summary>
    public GraphProto Graph => _graph;

    /// <summary>All nodes, in the order in which they were added.</summary>
    public IReadOnlyList<NodeProto> Nodes => _graph.Node;

    /// <summary>All constants, in the order in which they were added.</summary>
    public IReadOnlyList<TensorProto> Constants => _graph.Initializer;

    /// <summary>The bytes of the file, sealed by their digest.</summary>
    public byte[] ToBytes(IEnumerable<KeyValuePair<string, string>> metadata) => OnnxFile.Write(_graph, metadata);

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, int width) => OnnxFile.Value(name, type, width);
}
