namespace Microsoft.ML.GradientStability;

/// <summary>The number of a finding, the same in the list and in every picture.</summary>
internal static class Badge
{
    public static string Style(Finding finding) => finding.Severity == Severity.Error ? "bad" : "warn";
}
