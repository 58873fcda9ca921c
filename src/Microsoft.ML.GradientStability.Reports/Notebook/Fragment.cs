using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>Parts of a page that stand alone below the cell of a notebook. A scoped style reaches them and nothing else.</summary>
internal static class Fragment
{
    public static string Of(TrainingSummary summary) => Write(page =>
    {
        List<(string, string)> tiles = [("training loss", Figure.Of(summary.Loss))];
        if (summary.ValidationLoss is { } loss)
            tiles.Add(("held-out loss", Figure.Of(loss)));
        if (summary.ValidationAccuracy is { } accuracy)
            tiles.Add(("held-out accuracy", FormattableString.Invariant($"{100 * accuracy:0.0} %")));
        Ledger.Tiles(page,
        [
            .. tiles, ("ended", $"{summary.End}"), ("epochs", $"{summary.Epochs}"), ("steps", $"{summary.Steps}"), ("clipped", Figure.Share(summary.ClippedShare)),
            ("skipped steps", $"{summary.SkippedSteps}"), ("time", Figure.Of(summary.Duration)), ("rows a second", FormattableString.Invariant($"{summary.RowsPerSecond:#,0}")),
            ("memory at most", Figure.Bytes(summary.PeakMemory)),
        ]);
        FindingList.Write(page, summary.Findings);
    });

    public static string Of(TrainingCurves curves) => Write(page =>
    {
        if (curves.Steps.Count > 0)
            Pictures.Write(page, curves, []);
    });

    public static string Of(Finding finding) => Write(page => FindingList.Write(page, [finding]));

    public static string Of(TrainingOptions options) => Write(page =>
    {
        Ledger.Options(page, options);
        foreach (var conflict in options.Conflicts())
            page.Append($"<article class=\"card {(conflict.Severity == Severity.Error ? "bad" : "warn")}\">{Text.Html(conflict.ToString())}</article>\n");
    });

    public static string Of(LearningRateCurve curve) => Write(page =>
    {
        if (curve.Points.Count > 1)
            Chart.Write(page, "Loss by learning rate", "log10 of the rate", [new Line("smoothed", "one", curve.Points.Select(p => (Math.Log10(p.LearningRate), p.SmoothedLoss)))],
                (Math.Log10(curve.Points[0].LearningRate), Math.Log10(curve.Points[^1].LearningRate)), []);
        page.Append($"<p>{Text.Html(curve.Suggestion is { } rate ? FormattableString.Invariant($"Suggested rate: {rate:G2}") : $"No suggestion: {curve.Problem}")}</p>\n");
    });

    private static string Write(Action<StringBuilder> write)
    {
        var page = new StringBuilder("<div><style>@scope {\n").Append(HtmlPage.Style().Replace(":root", ":scope").Replace("body {", ":scope {")).Append("}</style><main>\n");
        write(page);
        return page.Append("</main></div>").ToString();
    }
}
