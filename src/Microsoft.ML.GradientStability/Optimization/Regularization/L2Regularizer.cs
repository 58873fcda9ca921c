using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// L2 penalty ½·λ·‖w‖² (Hoerl and Kennard 1970, "Ridge regression"; Krogh and Hertz 1992): g ← g + λ·w, which is what PyTorch's
/// optimizers call weight_decay. Optimizers that scale by the size of the gradient scale this too; beside them
/// <see cref="Regularizer.WeightDecay"/> does what is meant.
/// </summary>
public sealed record L2Regularizer : Regularizer
{
    private readonly double _strength = 1e-4;

    [JsonConstructor]
    internal L2Regularizer() { }

    /// <summary>λ, in [0, 1]. Default 1e-4.</summary>
    public double Strength { get => _strength; init => _strength = Check.InRange(value, 0, 1, nameof(Strength)); }

    internal override void Penalize(FlatParameters parameters)
    {
        var weights = parameters.Weights;
        var gradients = parameters.Gradients;
        foreach (var slice in parameters.Moved)
            if (slice.IsWeight)
                gradients.Slice(slice.GradientOffset, slice.Length).Add(weights.Slice(slice.Offset, slice.Length), (float)Strength);
    }

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"L2({Strength})");
}
