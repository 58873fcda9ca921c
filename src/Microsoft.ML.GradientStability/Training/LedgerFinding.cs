using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>A finding as a file keeps it; see <see cref="Finding"/>.</summary>
public sealed record LedgerFinding
{
    [JsonConstructor]
    internal LedgerFinding() { }

    /// <summary>What it is, such as <c>Vanishing gradient</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How bad it is.</summary>
    public required Severity Severity { get; init; }

    /// <summary>The layer it was seen at.</summary>
    public required string Layer { get; init; }

    /// <summary>The epoch it was seen in, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The step it began at, from 1.</summary>
    public required long FirstStep { get; init; }

    /// <summary>The last step it was seen at.</summary>
    public required long LastStep { get; init; }

    /// <summary>Whether it was over when training ended; see <see cref="Finding.IsOver"/>.</summary>
    public bool IsOver { get; init; }

    /// <summary>The numbers that show it.</summary>
    public required string Evidence { get; init; }

    /// <summary>What is to blame, in a word.</summary>
    public required string CauseName { get; init; }

    /// <summary>The likely cause.</summary>
    public required string Cause { get; init; }

    /// <summary>The changes of options that would have mended it, the most effective first.</summary>
    public required IReadOnlyList<string> Settings { get; init; }

    internal static LedgerFinding Of(Finding finding) => new()
    {
        Kind = finding.Kind,
        Severity = finding.Severity,
        Layer = finding.Layer,
        Epoch = finding.Epoch,
        FirstStep = finding.FirstStep,
        LastStep = finding.LastStep,
        IsOver = finding.IsOver,
        Evidence = finding.Evidence,
        CauseName = finding.CauseName,
        Cause = finding.Cause,
        Settings = [.. finding.Remedies.Select(remedy => remedy.Setting)],
    };
}
