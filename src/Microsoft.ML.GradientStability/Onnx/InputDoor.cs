using System.Numerics;
using Microsoft.ML.GradientStability.OnnxProto;
using ElementType = Microsoft.ML.GradientStability.OnnxProto.TensorProto.Types.DataType;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The file of a network over keys, or over several columns, with another door in place of its only input, a row of numbers in which a key stands by its own:
/// an input a column, or, because ML.NET makes no numbers of its keys, one vector in which they stand by their bits.
/// </summary>
internal sealed class InputDoor
{
    /// <summary>What the names of its nodes begin with; they are no part of the network.</summary>
    public const string Scope = "door/";

    private readonly ModelProto _model;
    private readonly string _row;
    private readonly List<NodeProto> _nodes = [];
    private readonly List<string> _parts = [];

    private InputDoor(byte[] onnx)
    {
        _model = ModelProto.Parser.ParseFrom(onnx);
        _row = _model.Graph.Input.Single().Name;
        _model.Graph.Input.Clear();
    }

    /// <summary>An input a column, those of keys of UInt32.</summary>
    /// <param name="onnx">The file.</param>
    /// <param name="columns">What the row is made of, in order: name, values, and different keys, 0 of numbers.</param>
    public static byte[] OfColumns(byte[] onnx, IEnumerable<(string Name, int Width, int Keys)> columns)
    {
        var door = new InputDoor(onnx);
        foreach (var (name, width, keys) in columns)
        {
            door._model.Graph.Input.Add(OnnxFile.Value(name, keys == 0 ? ElementType.Float : ElementType.Uint32, width));
            door._parts.Add(door.Node("Cast", $"{door._parts.Count + 1}.numbers", [name], ("to", (int)ElementType.Float)));
        }
        return door.Write();
    }

    /// <summary>
    /// One vector of Single, as ML.NET's <c>MapKeyToBinaryVector</c> writes keys: the bits of key − 1, the highest first, and ones alone for a missing key,
    /// which gives a number beyond all keys.
    /// </summary>
    /// <param name="onnx">The file.</param>
    /// <param name="input">What the vector is called.</param>
    /// <param name="columns">What the row is made of, in order: values, and different keys, 0 of numbers.</param>
    public static byte[] OfBits(byte[] onnx, string input, IEnumerable<(int Width, int Keys)> columns)
    {
        var door = new InputDoor(onnx);
        var start = 0;
        foreach (var (width, keys) in columns)
        {
            var number = door._parts.Count + 1;
            var bits = keys == 0 ? 1 : BitOperations.Log2((uint)keys) + 2;
            var part = door.Node("Gather", $"{number}.values", [input, door.Constant($"{number}.slots", [.. Enumerable.Range(start, width * bits).Select(slot => (long)slot)])], ("axis", 1));
            door._parts.Add(keys == 0 ? part : door.Numbers(part, number, width, bits));
            start += width * bits;
        }
        door._model.Graph.Input.Add(OnnxFile.Value(input, ElementType.Float, start));
        return door.Write();
    }

    /// <summary>The file without the door of its columns; <see langword="null"/> where it has none.</summary>
    /// <param name="model">The file.</param>
    /// <param name="inputs">Name and values of each column, 0 where rows have different numbers of them, and whether they are keys; in order.</param>
    public static byte[]? Remove(ModelProto model, out (string Name, int Width, bool AreKeys)[] inputs)
    {
        var graph = model.Graph;
        inputs = [.. graph.Input.Select(input => (input.Name, checked((int)input.Type.TensorType.Shape.Dim[1].DimValue), input.Type.TensorType.ElemType == ElementType.Uint32))];
        if (graph.Node.LastOrDefault(IsOfDoor)?.Output.Single() is not { } row)
            return null;
        graph.Input.Clear();
        graph.Input.Add(OnnxFile.Value(row, ElementType.Float, inputs.Any(input => input.Width == 0) ? 0 : inputs.Sum(input => input.Width)));
        foreach (var node in graph.Node.Where(IsOfDoor).ToArray())
            graph.Node.Remove(node);
        return OnnxFile.Write(graph, Metadata(model));

        static bool IsOfDoor(NodeProto node) => node.Name.StartsWith(Scope, StringComparison.Ordinal);
    }

    /// <summary>Σ bit·2^i + 1.</summary>
    private string Numbers(string part, int number, int width, int bits)
    {
        var shaped = Node("Reshape", $"{number}.bits", [part, Constant($"{number}.shape", [-1, width, bits])]);
        var powers = Node("Cast", $"{number}.weights", [Constant($"{number}.powers", [.. Enumerable.Range(0, bits).Select(bit => 1L << (bits - 1 - bit))])], ("to", (int)ElementType.Float));
        var first = Node("Cast", $"{number}.first", [Constant($"{number}.one", [1])], ("to", (int)ElementType.Float));
        return Node("Add", $"{number}.keys", [Node("MatMul", $"{number}.sums", [shaped, powers]), first]);
    }

    private string Constant(string name, ReadOnlySpan<long> numbers)
    {
        _model.Graph.Initializer.Add(OnnxGraph.Numbers(Scope + name, numbers));
        return Scope + name;
    }

    private string Node(string operation, string name, IEnumerable<string> inputs, params (string Name, int Value)[] attributes)
    {
        _nodes.Add(new NodeProto
        {
            OpType = operation, Name = Scope + name, Input = { inputs }, Output = { Scope + name },
            Attribute = { attributes.Select(attribute => new AttributeProto { Name = attribute.Name, I = attribute.Value, Type = AttributeProto.Types.AttributeType.Int }) },
        });
        return Scope + name;
    }

    private byte[] Write()
    {
        if (_parts.Count > 1)
            Node("Concat", "row", _parts, ("axis", 1));
        _nodes[^1].Output[0] = _row;
        for (var i = 0; i < _nodes.Count; i++)
            _model.Graph.Node.Insert(i, _nodes[i]);
        return OnnxFile.Write(_model.Graph, Metadata(_model));
    }

    private static IEnumerable<KeyValuePair<string, string>> Metadata(ModelProto model) =>
        model.MetadataProps.Where(entry => entry.Key != OnnxDigest.Key).Select(entry => KeyValuePair.Create(entry.Key, entry.Value));
}
