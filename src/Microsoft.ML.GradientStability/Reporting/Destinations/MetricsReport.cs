namespace Microsoft.ML.GradientStability;

/// <summary>
/// The instruments of the meter <c>Microsoft.ML.GradientStability</c> (<c>System.Diagnostics.Metrics</c>), named by OpenTelemetry's
/// conventions; docs/reports.md lists them. Where nobody listens, a step costs one comparison.
/// </summary>
public sealed record MetricsReport : Report
{
    internal MetricsReport() { }

    /// <summary>Tells fits of one process apart, as the attribute <c>gradient_stability.fit</c>. Default <see langword="null"/>: no such attribute.</summary>
    public string? Fit { get; init; }

    /// <summary>One readable line.</summary>
    public override string ToString() => Fit is null ? "Metrics" : $"Metrics({Fit})";

    internal override Session Open(TrainingOptions options, TrainingCurves curves) => new Instruments(Fit);

    private sealed class Instruments(string? fit) : Session
    {
        private readonly KeyValuePair<string, object?>[] _fit = fit is null ? [] : [new(TrainingMeter.FitKey, fit)];
        private long _skipped;

        public override bool WantsStep(long step) => TrainingMeter.WantsSteps;

        public override void Step(TrainingProgress progress)
        {
            var skipped = progress.SkippedSteps > _skipped;
            _skipped = progress.SkippedSteps;
            TrainingMeter.Steps.Add(1, [.. _fit, new(TrainingMeter.OutcomeKey, skipped ? "skipped" : progress.Clipped ? "clipped" : "taken")]);
            TrainingMeter.Loss.Record(progress.BatchLoss, _fit);
            TrainingMeter.LearningRate.Record(progress.LearningRate, _fit);
            TrainingMeter.GradientNorm.Record(progress.GradientNorm, _fit);
            foreach (var layer in progress.Layers)
                TrainingMeter.LayerGradientNorm.Record(layer.Norm, [.. _fit, new(TrainingMeter.LayerKey, layer.Layer)]);
        }

        public override void Measured(TrainingProgress progress, StepStatistics statistics)
        {
            for (var l = 0; l < statistics.Layers.Count; l++)
                TrainingMeter.UpdateRatio.Record(statistics.Layers[l].UpdateRatio, [.. _fit, new(TrainingMeter.LayerKey, progress.Layers[l].Layer)]);
        }

        public override void EpochEnded(TrainingProgress progress)
        {
            TrainingMeter.Epochs.Add(1, _fit);
            if (progress.ValidationLoss is { } loss)
                TrainingMeter.ValidationLoss.Record(loss, _fit);
            if (progress.ValidationAccuracy is { } accuracy)
                TrainingMeter.ValidationAccuracy.Record(accuracy, _fit);
        }

        public override void Found(TrainingProgress progress, Finding finding) => TrainingMeter.Findings.Add(1,
        [
            .. _fit, new(TrainingMeter.KindKey, finding.Kind), new(TrainingMeter.SeverityKey, finding.Severity.ToString().ToLowerInvariant()),
            new(TrainingMeter.LayerKey, finding.Layer),
        ]);
    }
}
