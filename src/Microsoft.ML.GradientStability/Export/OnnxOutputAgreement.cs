using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>How closely an output of an exported file agrees with the column of the pipeline, on the rows of the sample.</summary>
public sealed record OnnxOutputAgreement
{
    internal OnnxOutputAgreement() { }

    /// <summary>The output, called as the column.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What differences are relative to: of the scores of a network as in <see cref="OnnxParity.Tolerance"/>, of other numbers the greatest magnitude; 0 of
    /// what is no number.
    /// </summary>
    public required double Spread { get; init; }

    /// <summary>The greatest difference, in parts of the spread.</summary>
    public required double GreatestDifference { get; init; }

    /// <summary>The mean difference, in parts of the spread.</summary>
    public required double MeanDifference { get; init; }

    /// <summary>The share of rows, in [0, 1], whose labels, texts, keys and whole numbers are equal; 1 of an output of numbers.</summary>
    public required double Agreement { get; init; }

    /// <summary>One line.</summary>
    public override string ToString() => Spread > 0
        ? Invariant($"{Name}: greatest difference {GreatestDifference:G3}, mean {MeanDifference:G3}, of a spread of {Spread:G4}")
        : Invariant($"{Name}: equal in {Agreement:P3} of the rows");
}
