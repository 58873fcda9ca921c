using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Max-norm constraint (Srebro and Shraibman 2005; beside dropout Srivastava et al. 2014, who take c of 3 to 4): after the step the
/// weights that lead into a unit, one row, become w·c/‖w‖ where ‖w‖ &gt; c. Output units too.
/// </summary>
public sealed record MaxNormRegularizer : Regularizer
{
    private readonly double _maxNorm = 3;

    [JsonConstructor]
    internal MaxNormRegularizer() { }

    /// <summary>c, above 0. Default 3.</summary>
    public new double MaxNorm { get => _maxNorm; init => _maxNorm = Check.Positive(value, nameof(MaxNorm)); }

    internal override bool TakesWholeUnits => true;

    internal override void Constrain(FlatParameters parameters)
    {
        var weights = parameters.Weights;
        foreach (var slice in parameters.Parameters)
            if (slice.IsWeight)
                weights.Slice(slice.Offset, slice.Length).HoldRows(slice.Columns, y: default, share: 1, least: MaxNorm);
    }

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"MaxNorm({MaxNorm})");
}
