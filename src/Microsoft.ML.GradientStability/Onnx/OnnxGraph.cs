using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.GradientStability.OnnxProto;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// An ONNX graph under construction, with a dynamic first dimension (the batch). Parts of a network
/// add their own nodes and pass on the name of what they computed; inside a loop they are nodes of its body, and constants those of the graph all the same. Inputs and outputs are called as the columns of the user; what lies
/// between them has a prefix that none of these begins with, so no column can be taken for a weight.
/// </summary>
/// <param name="columns">The names of all inputs and outputs.</param>
internal sealed class OnnxGraph(params ReadOnlySpan<string> columns)
{
    /// <summary>What the names inside a network begin with, where no column does.</summary>
    private const string NetworkPrefix = "network/";

    private readonly GraphProto _graph = new() { Name = "network" };
    private GraphProto? _body;
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
        AddNode(operation, inputs, name, [_prefix + name], attributes).Output[0];

    /// <summary>Adds a node of several outputs, an empty name where one is not wanted. Returns the names of the others.</summary>
    public string[] Add(string operation, IEnumerable<string> inputs, string name, string[] outputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string[] named = [.. outputs.Select(output => output.Length == 0 ? "" : $"{_prefix}{name}.{output}")];
        AddNode(operation, inputs, name, named, attributes);
        return [.. named.Where(output => output.Length > 0)];
    }

    /// <summary>
    /// Adds a loop over the first dimension of some tensors, which carries states of Single from each turn to the next. What is added while the body is written
    /// belongs to it; it reads what was added before. Returns what the body gave at every turn, one behind the other in a new first dimension.
    /// </summary>
    /// <param name="states">The states before the first turn, and how many dimensions each has; what the body gives has two.</param>
    /// <param name="inputs">What is taken apart.</param>
    /// <param name="name">Of the node.</param>
    /// <param name="write">Writes the body from the states and the inputs of a turn, and returns the states behind it and what it gives.</param>
    public string Scan(IReadOnlyList<(string Tensor, int Dimensions)> states, IReadOnlyList<string> inputs, string name, Func<string[], string[], (IReadOnlyList<string> States, string Given)> write)
    {
        var body = _body = new GraphProto { Name = name };
        var before = states.Select((_, i) => $"{_prefix}{name}.state{i}").ToArray();
        var turn = inputs.Select((_, i) => $"{_prefix}{name}.turn{i}").ToArray();
        var (after, given) = write(before, turn);
        _body = null;
        body.Input.AddRange(before.Concat(turn).Select(tensor => Number(tensor)));
        body.Output.AddRange([.. after.Zip(states, (tensor, state) => Number(tensor, state.Dimensions)), Number(given, 2)]);
        var outputs = Add("Scan", [.. states.Select(state => state.Tensor), .. inputs], name, [.. states.Select((_, i) => $"last{i}"), "all"], ("body", body), ("num_scan_inputs", inputs.Count));
        return outputs[^1];

        static ValueInfoProto Number(string tensor, int? dimensions = null)
        {
            var type = new TypeProto.Types.Tensor { ElemType = TensorProto.Types.DataType.Float };
            if (dimensions is { } count)
                type.Shape = new TensorShapeProto { Dim = { Enumerable.Range(0, count).Select(_ => new TensorShapeProto.Types.Dimension()) } };
            return new() { Name = tensor, Type = new TypeProto { TensorType = type } };
        }
    }

    /// <summary>Nodes, and behind each those of the loop that it is.</summary>
    public static IEnumerable<NodeProto> WithBodies(IEnumerable<NodeProto> nodes) =>
        nodes.SelectMany(node => node.Attribute.Where(attribute => attribute.G is not null).SelectMany(attribute => WithBodies(attribute.G.Node)).Prepend(node));

    /// <summary>Adds a node whose result is an output of the model, batch × <paramref name="width"/>, of Single or an index, Int64.</summary>
    public void AddOutput(string operation, IEnumerable<string> inputs, string name, int width, bool isIndex = false)
    {
        AddNode(operation, inputs, $"output{_graph.Output.Count}", [name]);
        _graph.Output.Add(Value(name, isIndex ? TensorProto.Types.DataType.Int64 : TensorProto.Types.DataType.Float, width));
    }

    private NodeProto AddNode(string operation, IEnumerable<string> inputs, string name, IEnumerable<string> outputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = name, Input = { inputs }, Output = { outputs } };
        foreach (var (key, value) in attributes)
            node.Attribute.Add(value switch
            {
                float number => new AttributeProto { Name = key, F = number, Type = AttributeProto.Types.AttributeType.Float },
                int[] numbers => new AttributeProto { Name = key, Ints = { numbers.Select(n => (long)n) }, Type = AttributeProto.Types.AttributeType.Ints },
                GraphProto body => new AttributeProto { Name = key, G = body, Type = AttributeProto.Types.AttributeType.Graph },
                string text => new AttributeProto { Name = key, S = ByteString.CopyFromUtf8(text), Type = AttributeProto.Types.AttributeType.String },
                string[] texts => new AttributeProto { Name = key, Strings = { texts.Select(ByteString.CopyFromUtf8) }, Type = AttributeProto.Types.AttributeType.Strings },
                _ => new AttributeProto { Name = key, I = (int)value, Type = AttributeProto.Types.AttributeType.Int },
            });
        (_body ?? _graph).Node.Add(node);
        return node;
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
