namespace Microsoft.ML.GradientStability;

/// <summary>
/// Shows what belongs to a fit in a notebook; its members are called by name. The page of a fit stands in a frame of its own, parts of it in
/// the notebook itself under a style that reaches nothing else.
/// </summary>
internal sealed class NotebookFormatter
{
    public string MimeType => "text/html";

    public bool Format(object instance, TextWriter writer)
    {
        if (Html(instance) is not { } html)
            return false;
        writer.Write(html);
        return true;
    }

    private static string? Html(object value) => value switch
    {
        TrainingReport report => Frame(report),
        DeepNetworkModel model => Frame(model.Report),
        DeepNetworkTransformer transformer => Frame(transformer.Model.Report),
        TrainingSummary summary => Fragment.Of(summary),
        TrainingCurves curves => Fragment.Of(curves),
        TrainingOptions options => Fragment.Of(options),
        LearningRateCurve curve => Fragment.Of(curve),
        Finding finding => Fragment.Of(finding),
        TrainingProgress or Inspection => $"<pre>{Text.Html(value.ToString()!)}</pre>",
        _ => null,
    };

    private static string Frame(TrainingReport report) =>
        $"<iframe title=\"Training report\" style=\"width:100%;height:900px;border:0\" srcdoc=\"{Text.Html(report.ToHtml())}\"></iframe>";
}
