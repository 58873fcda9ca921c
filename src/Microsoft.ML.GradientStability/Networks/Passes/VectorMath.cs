using System.Numerics;

namespace Microsoft.ML.GradientStability;

/// <summary>Functions that vectors do not have by themselves, to about the precision of Single.</summary>
internal static class VectorMath
{
    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

    /// <summary>tanh x = 1 − 2/(e²ˣ + 1), or where that loses digits, below ¼, the first terms of its series.</summary>
    public static Vector<float> Tanh(Vector<float> x)
    {
        var square = x * x;
        var series = x * (Vector<float>.One + square * (Vector.Create(-1f / 3) + square * (Vector.Create(2f / 15) + square * (Vector.Create(-17f / 315) + square * (62f / 2835)))));
        var whole = Vector<float>.One - Vector.Create(2f) / (Vector.Exp(x + x) + Vector<float>.One);
        return Vector.ConditionalSelect(Vector.LessThan(square, Vector.Create(1f / 16)), series, whole);
    }

    /// <summary>
    /// The normal distribution function Φ(x) = ½·(1 + erf(x/√2)), erf to 1.5e-7 (Abramowitz and Stegun 1964, formula 7.1.26).
    /// </summary>
    public static Vector<float> Phi(Vector<float> x)
    {
        var z = Vector.Abs(x) * (float)Math.Sqrt(0.5);
        var t = Vector<float>.One / (Vector<float>.One + z * 0.3275911f);
        var tail = t * (Vector.Create(0.254829592f) + t * (Vector.Create(-0.284496736f) + t * (Vector.Create(1.421413741f) + t * (Vector.Create(-1.453152027f) + t * 1.061405429f))));
        var half = tail * Vector.Exp(-z * z) * 0.5f;
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), half, Vector<float>.One - half);
    }
}
