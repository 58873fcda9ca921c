using System.Numerics;
using System.Runtime.InteropServices;
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
        var values = parameters.ValueSpan;
        var gradients = parameters.GradientSpan;
        foreach (var slice in parameters.Moved)
            if (slice.IsWeight)
                AddSigns((float)Strength, values.Slice(slice.Offset, slice.Length), gradients.Slice(slice.GradientOffset, slice.Length));
    }

    private static void AddSigns(float strength, ReadOnlySpan<float> weights, Span<float> gradients)
    {
        var wide = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var wideGradients = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        var step = new Vector<float>(strength);
        for (var i = 0; i < wide.Length; i++)
            wideGradients[i] += Vector.ConditionalSelect(Vector.Equals(wide[i], default), default, Vector.CopySign(step, wide[i]));
        for (var i = wide.Length * Vector<float>.Count; i < weights.Length; i++)
            gradients[i] += weights[i] == 0 ? 0 : MathF.CopySign(strength, weights[i]);
    }

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"L1({Strength})");
}
