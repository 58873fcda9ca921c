namespace Microsoft.ML.GradientStability;

/// <summary>How a training went, in a line.</summary>
/// <param name="Level">The class of the page's style: <c>good</c>, <c>warn</c>, <c>bad</c>, or <c>runs</c>.</param>
/// <param name="Text">The line.</param>
internal sealed record Verdict(string Level, string Text)
{
    public static Verdict Of(ReportContent content)
    {
        var found = content.Findings.Count == 0 ? "no findings" : content.Findings.Count == 1 ? "1 finding" : $"{content.Findings.Count} findings";
        var over = content.Findings.Count(finding => finding.IsOver);
        found += over == 0 ? "" : over < content.Findings.Count ? $", {over} of them over" : over == 1 ? ", over" : ", all over";
        var worst = content.Findings.Count == 0 ? "good" : content.Findings.Any(finding => finding.Severity == Severity.Error) ? "bad" : "warn";
        return content.End switch
        {
            "Running" => new Verdict("runs", $"Training: epoch {content.Epochs} of {content.Options.Epochs}, {found} so far"),
            "Failed" when content.Findings is [.., { Severity: Severity.Error } last] =>
                new Verdict("bad", $"Stopped at step {content.Steps}: {last.Kind.ToLowerInvariant()} at {last.Layer}"),
            "Failed" => new Verdict("bad", $"Failed at step {content.Steps}: {content.Error?.Split('\n')[0].Trim()}"),
            "StoppedEarly" => new Verdict(worst, $"Trained {content.Epochs} epochs, stopped early, {found}"),
            "Cancelled" => new Verdict(worst == "good" ? "warn" : worst, $"Cancelled in epoch {content.Epochs}, {found}"),
            _ => new Verdict(worst, $"Trained {content.Epochs} epochs, {found}"),
        };
    }
}
