using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The file of a network over sequences of different lengths with another door: rows of one length, NaN behind their ends. A row with numbers behind those
/// that the network takes becomes infinite, so that its scores are NaN, and not those of its beginning.
/// </summary>
internal static class PaddedInput
{
    /// <summary>What the names of its nodes begin with; they are no part of the network.</summary>
    public const string Scope = "rows/";

    /// <param name="onnx">The file, whose only input has rows of any length.</param>
    /// <param name="input">What the new input is called.</param>
    /// <param name="size">Numbers of a row.</param>
    /// <param name="most">Of these so many can be there.</param>
    /// <param name="steps">What a further output is called, the number of steps of a row and of the longest (batch × 2); <see langword="null"/> for none.</param>
    /// <param name="stepSize">Numbers of a step; of use for that output.</param>
    public static byte[] Write(byte[] onnx, string input, int size, int most, string? steps = null, int stepSize = 1)
    {
        var model = ModelProto.Parser.ParseFrom(onnx);
        var graph = model.Graph;
        var features = graph.Input.Single().Name;
        graph.Input.Clear();
        graph.Input.Add(OnnxFile.Value(input, TensorProto.Types.DataType.Float, size));
        foreach (var (name, values) in new (string, long[])[] { ("first", [0]), ("most", [most]), ("size", [size]), ("axis", [1]) })
            graph.Initializer.Add(OnnxGraph.Numbers(Scope + name, values));
        graph.Initializer.Add(OnnxGraph.Number(Scope + "zero", 0));
        graph.Initializer.Add(OnnxGraph.Number(Scope + "infinite", float.PositiveInfinity));
        NodeProto[] nodes = most == size ? [Node("Identity", "row", [input], features)] :
        [
            Node("Slice", "row", [input, Scope + "first", Scope + "most", Scope + "axis"], Scope + "row"),
            Node("Slice", "rest", [input, Scope + "most", Scope + "size", Scope + "axis"], Scope + "rest"),
            Node("IsNaN", "missing", [Scope + "rest"], Scope + "missing"),
            Node("Where", "beyond", [Scope + "missing", Scope + "zero", Scope + "infinite"], Scope + "beyond"),
            Node("ReduceSum", "longer", [Scope + "beyond", Scope + "axis"], Scope + "longer"),
            Node("Add", "features", [Scope + "row", Scope + "longer"], features),
        ];
        for (var i = 0; i < nodes.Length; i++)
            graph.Node.Insert(i, nodes[i]);
        if (steps is not null)
            AddSteps(graph, features, steps, most, stepSize);
        return OnnxFile.Write(graph, model.MetadataProps.Where(entry => entry.Key != OnnxDigest.Key).Select(entry => KeyValuePair.Create(entry.Key, entry.Value)));
    }

    /// <summary>⌈number of the last that is one / step⌉.</summary>
    private static void AddSteps(GraphProto graph, string features, string output, int most, int stepSize)
    {
        var numbers = OnnxGraph.Numbers(Scope + "numbers", [.. Enumerable.Range(stepSize, most).Select(number => (long)(number / stepSize))]);
        graph.Initializer.Add(numbers);
        graph.Initializer.Add(OnnxGraph.Numbers(Scope + "longest", [most / stepSize]));
        graph.Initializer.Add(OnnxGraph.Numbers(Scope + "none", [0]));
        graph.Node.Add([
            Node("IsNaN", "padding", [features], Scope + "padding"),
            Node("Where", "numbered", [Scope + "padding", Scope + "none", Scope + "numbers"], Scope + "numbered"),
            Node("ReduceMax", "last", [Scope + "numbered"], Scope + "last", new AttributeProto { Name = "axes", Ints = { 1 }, Type = AttributeProto.Types.AttributeType.Ints }),
            Node("Mul", "nothing", [Scope + "last", Scope + "none"], Scope + "nothing"),
            Node("Add", "all", [Scope + "nothing", Scope + "longest"], Scope + "all"),
            Node("Concat", "steps", [Scope + "last", Scope + "all"], output, new AttributeProto { Name = "axis", I = 1, Type = AttributeProto.Types.AttributeType.Int }),
        ]);
        graph.Output.Add(OnnxFile.Value(output, TensorProto.Types.DataType.Int64, 2));
    }

    private static NodeProto Node(string operation, string name, IEnumerable<string> inputs, string output, params AttributeProto[] attributes) =>
        new() { OpType = operation, Name = Scope + name, Input = { inputs }, Output = { output }, Attribute = { attributes } };
}
