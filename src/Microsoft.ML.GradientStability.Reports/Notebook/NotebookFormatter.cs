namespace Microsoft.ML.GradientStability;

/// <summary>
/// Shows a report in a notebook; its members are called by name. The page stands in a frame of its own, so that its style and that of the
/// notebook leave each other alone.
/// </summary>
internal sealed class NotebookFormatter
{
    public string MimeType => "text/html";

    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not TrainingReport report)
            return false;
        writer.Write($"<iframe title=\"Training report\" style=\"width:100%;height:900px;border:0\" srcdoc=\"{Text.Html(report.ToHtml())}\"></iframe>");
        return true;
    }
}
