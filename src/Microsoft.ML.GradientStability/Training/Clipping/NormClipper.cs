using TorchSharp;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Clipping by global norm (Pascanu, Mikolov and Bengio 2013): g ← g·τ/(‖g‖ + 1e-6) where that factor is below 1, over all
/// parameters at once; the direction is kept. The 1e-6 is that of PyTorch's clip_grad_norm_.
/// </summary>
public sealed record NormClipper : GradientClipper
{
    private readonly double _maxNorm = 1;

    internal NormClipper() { }

    /// <summary>τ, above 0, in the unit of the gradient. Default 1.</summary>
    public double MaxNorm { get => _maxNorm; init => _maxNorm = Check.Positive(value, nameof(MaxNorm)); }

    internal override bool Clip(torch.Tensor gradients, double norm)
    {
        var factor = MaxNorm / (norm + 1e-6);
        if (factor >= 1)
            return false;
        using Scalar scale = factor;
        gradients.mul_(scale);
        return true;
    }

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"Norm({MaxNorm})");
}
