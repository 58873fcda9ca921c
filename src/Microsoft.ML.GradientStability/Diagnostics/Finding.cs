using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Something wrong with the gradients, explained: where, when, by which numbers it is seen, why it happens,
/// and which options mend it.
/// </summary>
public sealed record Finding
{
    internal Finding() { }

    /// <summary>What it is, such as <c>Vanishing gradient</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How bad it is.</summary>
    public required Severity Severity { get; init; }

    /// <summary>The layer it is seen at, with its widths, such as <c>hidden1 (64→32)</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>The units of the layer that it concerns, from 0; empty where it concerns all.</summary>
    public IReadOnlyList<int> Units { get; init; } = [];

    /// <summary>The epoch it was seen in, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The training step it was seen at, from 1 over all epochs.</summary>
    public required long Step { get; init; }

    /// <summary>The numbers that show it.</summary>
    public required string Evidence { get; init; }

    /// <summary>The likely cause.</summary>
    public required string Cause { get; init; }

    /// <summary>
    /// What is to blame, in a word, such as <c>LearningRate</c>, <c>InitialWeights</c> or <c>Features</c>; <c>Unknown</c> where no known cause fits.
    /// </summary>
    public required string CauseName { get; init; }

    /// <summary>How well the evidence fits the cause, in [0, 1].</summary>
    public required double Confidence { get; init; }

    /// <summary>The numbers of <see cref="Evidence"/> by name.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();

    /// <summary>Changes of the trainer's options that mend it, the most effective first.</summary>
    public required IReadOnlyList<Remedy> Remedies { get; init; }

    /// <summary>The whole explanation, a line a part.</summary>
    public override string ToString()
    {
        var text = new StringBuilder()
            .Append(Kind).Append(" at ").Append(Layer).Append(", step ").Append(Step).Append(" (epoch ").Append(Epoch).AppendLine(")")
            .Append("  seen:  ").AppendLine(Evidence)
            .Append("  cause: ").Append(Cause);
        foreach (var remedy in Remedies)
            text.AppendLine().Append("  set:   ").Append(remedy);
        return text.ToString();
    }
}
