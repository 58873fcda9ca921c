using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>The length of a vector.</summary>
internal static class L2Norm
{
    /// <summary>
    /// √Σx², exact over the whole range of Single: where the squares overflow or underflow, the values are first scaled by their
    /// greatest magnitude.
    /// </summary>
    public static double Of(ReadOnlySpan<float> values)
    {
        double sum = TensorPrimitives.SumOfSquares(values);
        if (sum is > 1e-30 and < 1e30)
            return Math.Sqrt(sum);

        var greatest = Math.Abs((double)TensorPrimitives.MaxMagnitude(values));
        if (greatest == 0 || !double.IsFinite(greatest))
            return greatest;
        sum = 0;
        foreach (var value in values)
            sum += value / greatest * (value / greatest);
        return greatest * Math.Sqrt(sum);
    }
}
