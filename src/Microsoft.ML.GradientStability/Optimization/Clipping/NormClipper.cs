using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Clipping by global norm (Pascanu, Mikolov and Bengio 2013): g ← g·τ/(‖g‖ + 1e-6) where that factor is below 1, over all
/// parameters at once; the direction is kept. The 1e-6 is that of PyTorch's clip_grad_norm_.
/// </summary>
public sealed record NormClipper : GradientClipper
{
    private readonly double _maxNorm = 1;

    [JsonConstructor]
    internal NormClipper() { }

    /// <summary>τ, above 0, in the unit of the gradient. Default 1.</summary>
    public double MaxNorm { get => _maxNorm; init => _maxNorm = Check.Positive(value, nameof(MaxNorm)); }

    internal override bool BoundsSteps => true;

    internal override State Start(FlatParameters parameters) => new GlobalNorm(MaxNorm, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"Norm({MaxNorm})");

    private sealed class GlobalNorm(double maxNorm, FlatParameters parameters) : State
    {
        public override bool Clip(double norm) => Shrink(parameters, maxNorm / (norm + 1e-6));
    }
}
