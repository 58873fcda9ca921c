using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>The whole page, from the verdict down to the options.</summary>
internal static class HtmlPage
{
    public static string Write(ReportContent content)
    {
        var verdict = Verdict.Of(content);
        var page = new StringBuilder()
            .Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">")
            .Append($"<title>{Text.Html(verdict.Text)}</title>\n<style>\n{Style()}</style></head>\n<body><main>\n")
            .Append($"<header class=\"{verdict.Level}\"><p class=\"what\">Training report</p><h1>{Text.Html(verdict.Text)}</h1><p>{Text.Html(content.Options.Network.ToString()!)}</p></header>\n");
        Tiles(page, content);
        FindingList.Write(page, content.Findings);
        if (content.Error is { } error && content.Findings is not [.., { Severity: Severity.Error }])
            page.Append($"<section class=\"card\"><h2>What ended it</h2><pre>{Text.Html(error)}</pre></section>\n");
        if (content.Curves.Steps.Count > 0)
            Pictures.Write(page, content.Curves, content.Findings);
        Ledger.Write(page, content);
        return page.Append("<footer>Microsoft.ML.GradientStability</footer></main></body></html>\n").ToString();
    }

    private static void Tiles(StringBuilder page, ReportContent content)
    {
        List<(string, string)> tiles = [("training loss", Figure.Of(content.Loss))];
        if (content.ValidationLoss is { } loss)
            tiles.Add(("held-out loss", Figure.Of(loss)));
        if (content.ValidationAccuracy is { } accuracy)
            tiles.Add(("held-out accuracy", FormattableString.Invariant($"{100 * accuracy:0.0} %")));
        Ledger.Tiles(page,
        [
            .. tiles, ("steps", $"{content.Steps}"), ("clipped", Figure.Share(content.ClippedShare)), ("skipped steps", $"{content.SkippedSteps}"),
            ("time", Figure.Of(content.Duration)),
        ]);
    }

    /// <summary>The style of the page, and of every part of it that stands alone.</summary>
    public static string Style()
    {
        using var file = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("report.css")!);
        return file.ReadToEnd();
    }
}
