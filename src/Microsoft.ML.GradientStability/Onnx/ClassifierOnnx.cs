namespace Microsoft.ML.GradientStability;

/// <summary>
/// A classification network as an ONNX file. Input: the feature column, Single, batch × features. Outputs: <see cref="Score"/>, the
/// probability of each class, Single, batch × classes; <see cref="PredictedLabel"/>, the index of the likeliest class from 0, Int64,
/// batch × 1.
/// </summary>
internal static class ClassifierOnnx
{
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";

    public static byte[] Write(NetworkModule module, string features, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var (width, classes) = (module.Layers[0].Inputs, module.Layers[^1].Units);
        var graph = new OnnxGraph();
        var logits = module.WriteOnnx(graph, graph.Input(features, width));
        graph.Output(graph.Add("Softmax", [logits], Score, ("axis", 1)), classes);
        graph.Output(graph.Add("ArgMax", [logits], PredictedLabel, ("axis", 1), ("keepdims", 1)), 1, isIndex: true);
        return graph.ToBytes(metadata);
    }
}
