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
        TensorPrimitives.Lerp(_first, gradients, Share(beta1), _first);
        TensorPrimitives.Multiply(gradients, gradients, _work);
        TensorPrimitives.Lerp(_second, _work, Share(beta2), _second);
    }

    /// <summary>m̂/(√v̂ + ε) of some parameters; the caller may change it, it lasts until the next call.</summary>
    public Span<float> Direction(int offset, int count, double epsilon)
    {
        var direction = Deviation(offset, count);
        TensorPrimitives.Add(direction, (float)epsilon, direction);
        TensorPrimitives.Divide(_first.AsSpan(offset, count), direction, direction);
        return direction;
    }

    /// <summary>√mean(g²/max(v̂, ε²)) of some parameters: above 1 where their gradients are larger than was expected.</summary>
    public double Excess(int offset, ReadOnlySpan<float> gradients, double epsilon)
    {
        var ratio = Deviation(offset, gradients.Length);
        TensorPrimitives.Max(ratio, (float)epsilon, ratio);
        TensorPrimitives.Divide(gradients, ratio, ratio);
        return L2Norm.Of(ratio) / Math.Sqrt(gradients.Length);
    }

    /// <summary>√v̂.</summary>
    private Span<float> Deviation(int offset, int count)
    {
        var deviation = _work.AsSpan(offset, count);
        TensorPrimitives.Sqrt(_second.AsSpan(offset, count), deviation);
        return deviation;
    }

    private float Share(double beta) => (float)((1 - beta) / (1 - Math.Pow(beta, Steps)));
}
