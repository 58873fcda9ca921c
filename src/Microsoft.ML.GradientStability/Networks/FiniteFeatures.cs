using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Σ 0·x over the features of a row: 0, or NaN where one of them is NaN or infinite. Added to a score it keeps a row that is no row of
/// numbers from one that looks like any other, whatever the bounds, activations and normalizations on the way make of such values.
/// </summary>
internal static class FiniteFeatures
{
    /// <summary>Returns batch × 1.</summary>
    public static string WriteOnnx(OnnxGraph graph, string features, int width)
    {
        using var zero = zeros(width, 1, dtype: ScalarType.Float32, device: CPU);
        return graph.Add("MatMul", [features, graph.Constant("features.zero", zero)], "features.finite");
    }
}
