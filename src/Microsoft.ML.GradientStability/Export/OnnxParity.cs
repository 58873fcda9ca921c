using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>How closely an ONNX file, scored by ONNX Runtime, agrees with the network it was written from, scored by LibTorch.</summary>
public sealed record OnnxParity
{
    internal OnnxParity() { }

    /// <summary>Rows that both scored.</summary>
    public required long Rows { get; init; }

    /// <summary>The greatest absolute difference of a score of any row; of several outputs, that of the one closest to its tolerance.</summary>
    public required double GreatestDifference { get; init; }

    /// <summary>The row of that difference, from 1.</summary>
    public required long Row { get; init; }

    /// <summary>
    /// What was still accepted there: the tolerance asked for, times the spread of the output. That is its greatest magnitude; of a logit 1 where
    /// that is greater; of a number the standard deviation of the labels, or how far scores go from their mean.
    /// </summary>
    public required double Tolerance { get; init; }

    /// <summary>Whether every score agrees within the tolerance; NaN and infinity agree with nothing.</summary>
    public bool Holds => double.IsFinite(GreatestDifference) && GreatestDifference <= Tolerance;

    /// <summary>One line.</summary>
    public override string ToString() =>
        Invariant($"greatest difference {GreatestDifference:G3} over {Rows} rows (row {Row}), tolerance {Tolerance:G3}");
}
