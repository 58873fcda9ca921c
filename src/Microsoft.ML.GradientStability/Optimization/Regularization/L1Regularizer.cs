using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// L1 penalty λ·Σ|w| (Tibshirani 1996, "Regression shrinkage and selection via the lasso"): g ← g + λ·sign(w), sign(0) = 0.
/// </summary>
public sealed record L1Regularizer : Regularizer
{
    private readonly double _strength = 1e-5;

    [JsonConstructor]
    internal L1Regularizer() { }

    /// <summary>λ, in [0, 1]. Default 1e-5.</summary>
    public double Strength { get => _strength; init => _strength = Check.InRange(value, 0, 1, nameof(Strength)); }

    internal override void Penalize(FlatParameters parameters)
    {
        var weights = parameters.Weights;
        var gradients = parameters.Gradients;
        foreach (var slice in parameters.Moved)
            if (slice.IsWeight)
                gradients.Slice(slice.GradientOffset, slice.Length).AddSigns(weights.Slice(slice.Offset, slice.Length), (float)Strength);
    }

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"L1({Strength})");
}
