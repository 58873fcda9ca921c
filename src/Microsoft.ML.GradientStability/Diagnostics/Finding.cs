using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Something wrong with the gradients, explained: where, when, by which numbers it is seen, why it happens,
/// and which options mend it.
/// </summary>
[TypeFormatterSource]
public sealed record Finding
{
    private readonly Explanation _why;
    private readonly long? _firstStep;
    private readonly long? _lastStep;

    internal Finding(Explanation why) => _why = why;

    /// <summary>What it is, such as <c>Vanishing gradient</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How bad it is.</summary>
    public required Severity Severity { get; init; }

    /// <summary>The layer it is seen at, with its widths, such as <c>hidden layer 12 of 30 (64→64)</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>The units of the layer that it concerns, from 0; empty where it concerns all.</summary>
    public IReadOnlyList<int> Units { get; init; } = [];

    /// <summary>The epoch it was seen in, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The training step it was told at, from 1 over all epochs.</summary>
    public required long Step { get; init; }

    /// <summary>The step it began at, at most <see cref="Step"/>.</summary>
    public long FirstStep { get => _firstStep ?? Step; init => _firstStep = value; }

    /// <summary>The last step it was seen at; in the summary of a fit, or that of an error, the last of all.</summary>
    public long LastStep { get => _lastStep ?? Step; init => _lastStep = value; }

    /// <summary>Whether training went on for 50 steps and more after <see cref="LastStep"/> without it. <see langword="false"/> of what is judged by the whole fit, and while it is told.</summary>
    public bool IsOver { get; init; }

    /// <summary>The training rows it concerns, by their number from 0 in the data; empty where it concerns all, or where rows are streamed.</summary>
    public IReadOnlyList<long> Rows { get; init; } = [];

    /// <summary>The numbers that show it.</summary>
    public required string Evidence { get; init; }

    /// <summary>The likely cause.</summary>
    public string Cause => _why.Cause;

    /// <summary>
    /// What is to blame, in a word, such as <c>LearningRate</c>, <c>InitialWeights</c> or <c>Features</c>; <c>Unknown</c> where no known cause fits.
    /// </summary>
    public string CauseName => _why.Name;

    /// <summary>How well the evidence fits the cause, in [0, 1].</summary>
    public double Confidence => _why.Confidence;

    /// <summary>Changes of the trainer's options that mend it, the most effective first.</summary>
    public IReadOnlyList<Remedy> Remedies => _why.Remedies;

    /// <summary>The numbers of <see cref="Evidence"/> by name.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();

    /// <summary>One line: what, where, why, and the first thing to set.</summary>
    public string Headline => $"{Kind} at {Layer}, {When}: {Cause}{(Remedies.Count == 0 ? "" : $" Set {Remedies[0].Setting}.")}";

    /// <summary>The steps from first to last, and whether it is over, as <c>step 40 to 52, over</c>.</summary>
    internal string Course => $"step {FirstStep}{(LastStep > FirstStep ? $" to {LastStep}" : "")}{(IsOver ? ", over" : "")}";

    private string When => IsOver ? Course : $"step {FirstStep}";

    /// <summary>The whole explanation, a line a part.</summary>
    public override string ToString()
    {
        var text = new StringBuilder()
            .Append(Kind).Append(" at ").Append(Layer).Append(", ").Append(Course).Append(" (epoch ").Append(Epoch).AppendLine(")")
            .Append("  seen:  ").AppendLine(Evidence)
            .Append("  cause: ").Append(Cause);
        foreach (var remedy in Remedies)
            text.AppendLine().Append("  set:   ").Append(remedy);
        return text.ToString();
    }
}
