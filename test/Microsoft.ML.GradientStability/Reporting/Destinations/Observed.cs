namespace Microsoft.ML.GradientStability.Tests.Reporting.Destinations;

/// <summary>Small fits that are reported: two epochs of two steps, a finding at the first.</summary>
internal static class Observed
{
    /// <summary>Fits the clusters; the log's warnings.</summary>
    public static List<string> Fit(params Report[] reports) => Fit(_ => { }, reports);

    public static List<string> Fit(Action<DeepNetworkMulticlassTrainer.Options> change, params Report[] reports)
    {
        var ml = new MLContext(seed: 1);
        var warnings = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage!);
        };
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Schedule = LearningRateSchedule.Constant,
            Network = Network.FeedForward(4) with { Normalization = Normalization.None },
            Detectors = [Detector.ExplodingGradient with { MaxNorm = 1e-6, Patience = 1 }],
            BatchSize = 15,
            Epochs = 2,
            ValidationFraction = 0.5,
            Reports = reports,
        };
        change(options);
        ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml, 60)).Dispose();
        return warnings;
    }

    /// <summary>A folder for one test.</summary>
    public static string Folder() => Directory.CreateTempSubdirectory("reports-").FullName;
}
