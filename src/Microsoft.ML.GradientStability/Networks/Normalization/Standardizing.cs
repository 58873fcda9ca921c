using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>z = (x − mean(x))/√(var(x) + ε) of some numbers, mean and biased variance over them, and its gradient: ∂L/∂x = (h − mean(h) − z·mean(h·z))/√(var(x) + ε), h = ∂L/∂z.</summary>
internal static class Standardizing
{
    /// <summary>Makes z of x.</summary>
    /// <returns>1/√(var(x) + ε).</returns>
    public static float Forward(ReadOnlySpan<float> x, Span<float> z, double epsilon)
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Sum(x) / x.Length, z);
        var deviation = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(z) / z.Length + (float)epsilon);
        TensorPrimitives.Multiply(z, deviation, z);
        return deviation;
    }

    /// <summary>Makes ∂L/∂x of h, in its place.</summary>
    /// <param name="h">h.</param>
    /// <param name="z">z.</param>
    /// <param name="deviation">What <see cref="Forward"/> returned.</param>
    public static void Backward(Span<float> h, ReadOnlySpan<float> z, float deviation)
    {
        var (mean, along) = (TensorPrimitives.Sum<float>(h) / h.Length, TensorPrimitives.Dot(h, z) / h.Length);
        TensorPrimitives.Subtract(h, mean, h);
        TensorPrimitives.MultiplyAdd(z, -along, h, h);
        TensorPrimitives.Multiply(h, deviation, h);
    }
}
