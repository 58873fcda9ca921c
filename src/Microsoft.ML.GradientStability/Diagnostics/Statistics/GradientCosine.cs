using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What the gradients g and h of two steps in a row say together: cos = g·h/(‖g‖‖h‖), near 1 where every step goes the same way, near 0 where
/// noise rules, below 0 where steps overshoot. And the gradient noise scale tr(Σ)/‖E g‖² (McCandlish et al. 2018): rows of two batches are
/// independent, so g·h estimates ‖E g‖², and (‖g‖² + ‖h‖²)/2 − g·h the trace over the rows of a batch.
/// </summary>
/// <param name="Cosine">In [−1, 1]; 0 where one of them is 0.</param>
/// <param name="NoiseScale">In rows; infinite where the batches have no direction in common.</param>
internal readonly record struct GradientCosine(double Cosine, double NoiseScale)
{
    public static GradientCosine Of(ReadOnlySpan<float> previous, ReadOnlySpan<float> current, int rows)
    {
        double product = TensorPrimitives.Dot(previous, current), g = L2Norm.Of(previous), h = L2Norm.Of(current);
        var cosine = g == 0 || h == 0 ? 0 : product / (g * h);
        var noise = product > 0 ? Math.Max(0, rows * ((g * g + h * h) / 2 - product) / product) : double.PositiveInfinity;
        return new GradientCosine(cosine, noise);
    }
}
