using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What is done to a gradient that is too large, after it was observed and before the optimizer uses it.
/// One sealed record a method; the static members name them.
/// </summary>
public abstract record GradientClipper
{
    private protected GradientClipper() { }

    /// <summary>Gradients are used as they are.</summary>
    public static NoClipper None { get; } = new();

    /// <summary>Scales the whole gradient down where its L2 norm exceeds <paramref name="maxNorm"/>.</summary>
    /// <param name="maxNorm">τ, above 0, in the unit of the gradient. Default 1 (Pascanu et al. 2013).</param>
    public static NormClipper Norm(double maxNorm = 1) => new() { MaxNorm = maxNorm };

    /// <summary>Clips in place; <see langword="true"/> where it changed the gradient.</summary>
    /// <param name="gradients">All gradients, flat.</param>
    /// <param name="norm">Their L2 norm, finite.</param>
    internal abstract bool Clip(torch.Tensor gradients, double norm);
}
