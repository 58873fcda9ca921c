using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>How closely an ONNX file, scored by ONNX Runtime, agrees with the network it was written from, scored by LibTorch.</summary>
public sealed record OnnxParity
{
    internal OnnxParity() { }

    /// <summary>Rows that both scored.</summary>
    public required long Rows { get; init; }

    /// <summary>The greatest absolute difference of any score of any row.</summary>
    public required double GreatestDifference { get; init; }

    /// <summary>The row of that difference, from 1.</summary>
    public required long Row { get; init; }

    /// <summary>What was still accepted: the tolerance asked for, times the greatest score where that is above 1.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Whether every score agrees within the tolerance; NaN agrees with nothing.</summary>
    public bool Holds => GreatestDifference <= Tolerance;

    /// <summary>One line.</summary>
    public override string ToString() =>
        Invariant($"greatest difference {GreatestDifference:G3} over {Rows} rows (row {Row}), tolerance {Tolerance:G3}");
}
