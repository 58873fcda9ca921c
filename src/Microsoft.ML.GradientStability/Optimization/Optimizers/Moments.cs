using System.Numerics;
using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Adam's running moments of all gradients (Kingma and Ba 2015), kept free of bias: m̂ ← m̂ + (g − m̂)·(1 − β₁)/(1 − β₁ᵗ) and
/// v̂ ← v̂ + (g² − v̂)·(1 − β₂)/(1 − β₂ᵗ) at step t are m/(1 − β₁ᵗ) and v/(1 − β₂ᵗ). Allocates nothing once made.
/// </summary>
internal sealed class Moments(int length, double beta1, double beta2)
{
    private readonly float[] _first = new float[length];
    private readonly float[] _second = new float[length];
    private readonly float[] _work = new float[length];

    /// <summary>t, the gradients taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>m̂.</summary>
    public ReadOnlySpan<float> First => _first;

    /// <summary>Takes the gradients of the next step, of all parameters.</summary>
    public void Add(ReadOnlySpan<float> gradients)
    {
        Steps++;
        new Averaging(Share(beta1), Share(beta2)).Take(_first, gradients, scale: 1, _second);
    }

    /// <summary>m̂/(√v̂ + ε) of some parameters; the caller may change it, it lasts until the next call.</summary>
    public Span<float> Direction(int offset, int count, double epsilon)
    {
        var direction = _work.AsSpan(offset, count);
        new Dividing((float)epsilon).Take(direction, _first.AsSpan(offset, count), scale: 1, _second.AsSpan(offset, count));
        return direction;
    }

    /// <summary>√mean(g²/max(v̂, ε²)) of some parameters: above 1 where their gradients are larger than was expected.</summary>
    public double Excess(int offset, ReadOnlySpan<float> gradients, double epsilon)
    {
        var ratio = _work.AsSpan(offset, gradients.Length);
        TensorPrimitives.Sqrt(_second.AsSpan(offset, gradients.Length), ratio);
        TensorPrimitives.Max(ratio, (float)epsilon, ratio);
        TensorPrimitives.Divide(gradients, ratio, ratio);
        return L2Norm.Of(ratio) / Math.Sqrt(gradients.Length);
    }

    private float Share(double beta) => (float)((1 - beta) / (1 - Math.Pow(beta, Steps)));

    /// <summary>m̂ and v̂ with a new gradient in them.</summary>
    private readonly struct Averaging(float share1, float share2) : INumberStep
    {
        public void Take(ref Vector<float> mean, Vector<float> gradient, ref Vector<float> square, ref Vector<float> second, ref Vector<float> third)
        {
            mean += (gradient - mean) * share1;
            square += (gradient * gradient - square) * share2;
        }
    }

    /// <summary>m̂/(√v̂ + ε).</summary>
    private readonly struct Dividing(float epsilon) : INumberStep
    {
        public void Take(ref Vector<float> direction, Vector<float> mean, ref Vector<float> square, ref Vector<float> second, ref Vector<float> third) =>
            direction = mean / (Vector.SquareRoot(square) + Vector.Create(epsilon));
    }
}
