using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>What was done, by which options, and the numbers behind the curves.</summary>
internal static class Ledger
{
    /// <summary>Rows of the table of epochs.</summary>
    private const int MaxRows = 50;

    public static void Write(StringBuilder page, ReportContent content)
    {
        page.Append("<section class=\"ledger\">\n<div class=\"card\"><h2>What was done</h2><table>");
        Row("ended", content.End switch { "AllEpochs" => "after all epochs", "StoppedEarly" => "early, the held-out loss had stopped falling", "Cancelled" => "cancelled", "Failed" => "by an error", _ => "still running" });
        Row("epochs", $"{content.Epochs} of {content.Options.Epochs}");
        if (content.BestEpoch is { } best)
            Row("weights of epoch", $"{best}");
        Row("steps begun", $"{content.Steps}");
        Row("steps clipped", $"{Figure.Share(content.ClippedShare)}, by {content.Options.Clipping}");
        Row("steps skipped", $"{content.SkippedSteps}{(content.SkippedSteps > 0 ? ", loss or gradient was NaN or infinite" : "")}");
        Row("findings", $"{content.Findings.Count}");
        if (content.DiagnosticsCost is { } cost)
            Row("diagnostics took", $"{Figure.Share(cost.EveryStep / content.Duration)} of the time at every step, {Figure.Share(cost.FullLooks / content.Duration)} for full looks");
        page.Append("</table></div>\n");
        Options(page, content.Options);
        Epochs(page, content.Curves.Epochs);
        page.Append("</section>\n");

        void Row(string name, string value) => page.Append($"<tr><th scope=\"row\">{name}</th><td>{Text.Html(value)}</td></tr>");
    }

    /// <summary>Figures in large, each with its name.</summary>
    public static void Tiles(StringBuilder page, IEnumerable<(string Name, string Value)> tiles)
    {
        page.Append("<section class=\"tiles\" aria-label=\"Key figures\">");
        foreach (var (name, value) in tiles)
            page.Append($"<div><b>{Text.Html(value)}</b><span>{name}</span></div>");
        page.Append("</section>\n");
    }

    /// <summary>The options that are not the default, and all of them as JSON.</summary>
    public static void Options(StringBuilder page, TrainingOptions options)
    {
        page.Append("<div class=\"card\"><h2>Options that are not the default</h2><table>");
        foreach (var difference in options.DifferencesFrom((TrainingOptions)Activator.CreateInstance(options.GetType())!))
            page.Append($"<tr><th scope=\"row\">{difference.Option}</th><td>{Text.Html(difference.Here)}</td></tr>");
        page.Append($"</table><details><summary>All of them as JSON</summary><pre>{Text.Html(options.ToJson())}</pre></details></div>\n");
    }

    private static void Epochs(StringBuilder page, IReadOnlyList<EpochPoint> epochs)
    {
        if (epochs.Count == 0)
            return;
        page.Append("<details class=\"card numbers\"><summary>Epochs as numbers</summary><table><thead><tr>");
        foreach (var name in new[] { "epoch", "step", "loss", "held-out loss", "held-out accuracy", "clipped" })
            page.Append($"<th scope=\"col\">{name}</th>");
        page.Append("</tr></thead><tbody>\n");
        var every = (epochs.Count + MaxRows - 1) / MaxRows;
        foreach (var epoch in epochs.Where((_, i) => i % every == 0 || i == epochs.Count - 1))
            page.Append($"<tr><td>{epoch.Epoch}</td><td>{epoch.Step}</td><td>{Figure.Of(epoch.Loss)}</td><td>{Known(epoch.ValidationLoss)}</td><td>{Known(epoch.ValidationAccuracy)}</td><td>{Figure.Share(epoch.ClippedShare)}</td></tr>\n");
        page.Append("</tbody></table></details>\n");

        static string Known(double? value) => value is { } number ? Figure.Of(number) : "";
    }
}
