using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Decoupled weight decay (Loshchilov and Hutter 2019): w ← w·(1 − η·λ) before the step, η the scheduled learning rate. What
/// <see cref="Optimizer.AdamW"/> does, for any optimizer.
/// </summary>
public sealed record WeightDecayRegularizer : Regularizer
{
    private readonly double _strength = 0.01;

    [JsonConstructor]
    internal WeightDecayRegularizer() { }

    /// <summary>λ, in [0, 1]. Default 0.01.</summary>
    public double Strength { get => _strength; init => _strength = Check.InRange(value, 0, 1, nameof(Strength)); }

    internal override void Decay(FlatParameters parameters, double learningRate) => Shrink(parameters, learningRate * Strength);

    /// <summary>w ← w·(1 − share) for all weight matrices.</summary>
    internal static void Shrink(FlatParameters parameters, double share)
    {
        var weights = parameters.Weights;
        foreach (var slice in parameters.Moved)
            if (slice.IsWeight)
                weights.Slice(slice.Offset, slice.Length).Multiply((float)(1 - share));
    }

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"WeightDecay({Strength})");
}
