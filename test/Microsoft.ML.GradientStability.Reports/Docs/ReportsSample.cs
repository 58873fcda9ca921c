namespace Microsoft.ML.GradientStability.Tests.Reports.Docs;

/// <summary>The code of docs/reports.md, between the marks to the letter; compiled and run by <see cref="PageTests"/>.</summary>
internal static class ReportsSample
{
    public static void Run(MLContext mlContext, DeepNetworkMulticlassTrainer.Options options, IDataView train)
    {
        // <sample>
        options.Reports =
        [
            Report.TensorBoard("runs"),
            Report.JsonLines("fit.jsonl") with { Steps = 1 },
            Report.Metrics,
            Report.Html("report.html"),
            Report.Console,
        ];
        var model = mlContext.MulticlassClassification.Trainers.DeepNetwork(options).Fit(train);
        model.Model.Report.Save("again.html");
        // </sample>
        model.Dispose();
    }
}
