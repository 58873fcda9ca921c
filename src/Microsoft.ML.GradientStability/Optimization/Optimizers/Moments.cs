using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Adam's running moments of all gradients (Kingma and Ba 2015), kept free of bias: m̂ ← m̂ + (g − m̂)·(1 − β₁)/(1 − β₁ᵗ) and
/// v̂ ← v̂ + (g² − v̂)·(1 − β₂)/(1 − β₂ᵗ) at step t are m/(1 − β₁ᵗ) and v/(1 − β₂ᵗ). Allocates nothing once made.
/// </summary>
internal sealed class Moments(FlatParameters parameters, double beta1, double beta2)
{
    private readonly FlatMemory _first = parameters.Remember();
    private readonly FlatMemory _second = parameters.Remember();
    private readonly FlatMemory _work = parameters.Remember();

    /// <summary>t, the gradients taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Takes the gradients of the next step, of all parameters.</summary>
    public void Add(FlatNumbers gradients)
    {
        Steps++;
        new Averaging(Share(beta1), Share(beta2)).Take(_first.All, gradients, scale: 1, _second.All);
    }

    /// <summary>m̂/(√v̂ + ε) of all parameters; the caller may change it, it lasts until the next call.</summary>
    public FlatNumbers Directions(double epsilon)
    {
        new Dividing(new(epsilon)).Take(_work.All, _first.All, scale: 1, _second.All);
        return _work.All;
    }

    /// <summary>g/max(√v̂, ε) of all parameters: above 1 where gradients are larger than was expected. It lasts until the next call.</summary>
    public FlatNumbers Ratios(FlatNumbers gradients, double epsilon)
    {
        new Comparing(new(epsilon)).Take(_work.All, gradients, scale: 1, _second.All);
        return _work.All;
    }

    private Factor Share(double beta) => new((1 - beta) / (1 - Math.Pow(beta, Steps)));

    /// <summary>m̂ and v̂ with a new gradient in them.</summary>
    private readonly struct Averaging(Factor share1, Factor share2) : INumberStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take<T>(ref T mean, T gradient, ref T square, ref T second, ref T third) where T : struct, INumbers<T>
        {
            mean += share1 * (gradient - mean);
            square += share2 * (gradient * gradient - square);
        }
    }

    /// <summary>m̂/(√v̂ + ε).</summary>
    private readonly struct Dividing(Factor epsilon) : INumberStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take<T>(ref T direction, T mean, ref T square, ref T second, ref T third) where T : struct, INumbers<T> =>
            direction = mean / (T.Root(square) + epsilon);
    }

    /// <summary>g/max(√v̂, ε).</summary>
    private readonly struct Comparing(Factor epsilon) : INumberStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take<T>(ref T ratio, T gradient, ref T square, ref T second, ref T third) where T : struct, INumbers<T> =>
            ratio = gradient / T.AtLeast(T.Root(square), epsilon);
    }
}
