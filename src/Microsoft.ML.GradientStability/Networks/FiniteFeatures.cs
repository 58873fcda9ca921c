using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Σ 0·x over the features of a row: 0, or NaN where one of them is NaN or infinite. Added to a score it keeps a row that is no row of
/// numbers from one that looks like any other, whatever the bounds, activations and normalizations on the way make of such values. Of a row that has a
/// length of its own the steps up to its last number count, and one that has none is NaN.
/// </summary>
internal static class FiniteFeatures
{
    /// <summary>Returns batch × 1.</summary>
    public static string WriteOnnx(OnnxGraph graph, string features, NetworkModule module) =>
        module.StepSize == 0 ? WriteOnnx(graph, features, module.Features)
        : module.Before == 0 ? WriteOfSteps(graph, features, module.StepSize).Finite
        : graph.Add("Add",
            [
                WriteOnnx(graph, JoinedColumns.WritePart(graph, features, 0, module.Before, "features.before"), module.Before, "features.beside"),
                WriteOfSteps(graph, JoinedColumns.WritePart(graph, features, module.Before, null, "features.column"), module.StepSize).Finite,
            ], "features.all");

    /// <summary>The same for every step: batch × 1 × 1, or batch × steps × 1, and NaN too where a step is not there.</summary>
    public static string WriteOfEveryStep(OnnxGraph graph, string features, NetworkModule module)
    {
        var third = graph.Constant("features.step.axis", [2L]);
        if (module.StepSize == 0)
            return graph.Add("Unsqueeze", [WriteOnnx(graph, features, module.Features), third], "features.steps");
        var (finite, isThere) = WriteOfSteps(graph, features, module.StepSize);
        return graph.Add("Where", [isThere, graph.Add("Unsqueeze", [finite, third], "features.steps"), graph.Scalar("features.none", float.NaN)], "features.step");
    }

    /// <summary>Returns batch × 1.</summary>
    public static string WriteOnnx(OnnxGraph graph, string features, int width, string path = "features")
    {
        using var zero = zeros(width, 1, dtype: ScalarType.Float32, device: CPU);
        return graph.Add("MatMul", [features, graph.Constant($"{path}.zero", zero)], $"{path}.finite");
    }

    /// <summary>Σ 0·x over the steps that are there, over their number: 0/0 where there are none; and whether each step is there (batch × steps × 1).</summary>
    private static (string Finite, string IsThere) WriteOfSteps(OnnxGraph graph, string features, int size)
    {
        var (steps, mask) = StepsOfNumbers.WriteOnnx(graph, features, size, "features.rows");
        var second = graph.Constant("features.second", [1L]);
        var isThere = graph.Add("Unsqueeze", [graph.Add("Cast", [mask.There], "features.isThere", ("to", 9)), graph.Constant("features.third", [2L])], "features.those");
        var zero = graph.Scalar("features.zero", 0);
        var nothing = graph.Add("Mul", [graph.Add("Where", [isThere, steps, zero], "features.counted"), zero], "features.nothing");
        var sum = graph.Add("ReduceSum", [nothing, graph.Constant("features.axes", [1L, 2L])], "features.sum", ("keepdims", 0));
        var share = graph.Add("Div", [sum, graph.Add("ReduceSum", [mask.There, second], "features.count", ("keepdims", 0))], "features.share");
        return (graph.Add("Unsqueeze", [share, second], "features.finite"), isThere);
    }
}
