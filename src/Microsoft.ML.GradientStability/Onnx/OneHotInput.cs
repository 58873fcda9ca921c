using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The file of a network over tokens with another door: a vector of one number for each of all tokens at every step, 1 where it stands there. ML.NET makes
/// no numbers of its keys, but such vectors.
/// </summary>
internal static class OneHotInput
{
    /// <summary>What the names of its nodes begin with; they are no part of the network.</summary>
    public const string Scope = "tokens/";

    /// <param name="onnx">The file, whose only input is batch × <paramref name="steps"/>.</param>
    /// <param name="input">What the new input is called.</param>
    /// <param name="steps">Of a row.</param>
    /// <param name="tokens">Different tokens.</param>
    public static byte[] Write(byte[] onnx, string input, int steps, int tokens)
    {
        var model = ModelProto.Parser.ParseFrom(onnx);
        var graph = model.Graph;
        var numbers = graph.Input.Single().Name;
        graph.Input.Clear();
        graph.Input.Add(OnnxFile.Value(input, TensorProto.Types.DataType.Float, checked(steps * tokens)));
        graph.Initializer.Add(OnnxGraph.Numbers(Scope + "shape", [-1, steps, tokens]));
        graph.Initializer.Add(OnnxGraph.Numbers(Scope + "integers", [.. Enumerable.Range(1, tokens).Select(token => (long)token)]));
        NodeProto[] nodes =
        [
            Node("Reshape", "steps", [input, Scope + "shape"], Scope + "steps"),
            Node("Cast", "weights", [Scope + "integers"], Scope + "weights", new AttributeProto { Name = "to", I = 1, Type = AttributeProto.Types.AttributeType.Int }),
            Node("MatMul", "numbers", [Scope + "steps", Scope + "weights"], numbers),
        ];
        for (var i = 0; i < nodes.Length; i++)
            graph.Node.Insert(i, nodes[i]);
        return OnnxFile.Write(graph, model.MetadataProps.Where(entry => entry.Key != OnnxDigest.Key).Select(entry => KeyValuePair.Create(entry.Key, entry.Value)));
    }

    private static NodeProto Node(string operation, string name, IEnumerable<string> inputs, string output, params AttributeProto[] attributes) =>
        new() { OpType = operation, Name = Scope + name, Input = { inputs }, Output = { output }, Attribute = { attributes } };
}
