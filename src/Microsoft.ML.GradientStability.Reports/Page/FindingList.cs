using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>What was found: the evidence, the cause, and which option to set.</summary>
internal static class FindingList
{
    public static void Write(StringBuilder page, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
            return;
        page.Append("<section class=\"findings\"><h2>Findings</h2>\n");
        for (var i = 0; i < findings.Count; i++)
            Card(page, findings, i);
        page.Append("</section>\n");
    }

    private static void Card(StringBuilder page, IReadOnlyList<Finding> findings, int index)
    {
        var finding = findings[index];
        var same = findings.Take(index).ToList().FindIndex(earlier => earlier.Cause == finding.Cause && earlier.Remedies.SequenceEqual(finding.Remedies));
        page.Append($"<article class=\"card {Badge.Style(finding)}\"><h3><span class=\"badge\">{index + 1}</span>{Text.Html(finding.Kind)}")
            .Append($"<small>{finding.Severity.ToString().ToLowerInvariant()} at {Text.Html(finding.Layer)}, {finding.Course}, epoch {finding.Epoch}</small></h3>\n<dl>")
            .Append($"<dt>seen</dt><dd>{Text.Html(finding.Evidence)}</dd><dt>cause</dt><dd>{(same < 0 ? $"{Text.Html(finding.Cause)} <small>{finding.CauseName}, confidence {Figure.Share(finding.Confidence)}</small>" : $"that of finding {same + 1}, and what mends it")}</dd>");
        if (same < 0 && finding.Remedies.Count > 0)
        {
            page.Append("<dt>set</dt><dd><ol>");
            foreach (var remedy in finding.Remedies)
                page.Append($"<li><code>{Text.Html(remedy.Setting)}</code> {Text.Html(remedy.Reason)}</li>");
            page.Append("</ol></dd>");
        }
        page.Append("</dl></article>\n");
    }
}
