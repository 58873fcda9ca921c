using System.Diagnostics.Metrics;

namespace Microsoft.ML.GradientStability;

/// <summary>The instruments, one set a process, as .NET's guide to metrics asks for; units by UCUM, as OpenTelemetry does.</summary>
internal static class TrainingMeter
{
    public const string Name = "Microsoft.ML.GradientStability";
    public const string FitKey = "gradient_stability.fit";
    public const string LayerKey = "gradient_stability.layer";
    public const string OutcomeKey = "gradient_stability.step.outcome";
    public const string KindKey = "gradient_stability.finding.kind";
    public const string SeverityKey = "gradient_stability.finding.severity";

    private static readonly Meter s_meter = new(Name);

    public static Counter<long> Steps { get; } = s_meter.CreateCounter<long>(
        "gradient_stability.steps", "{step}", "Training steps, by what came of them.");

    public static Counter<long> Epochs { get; } = s_meter.CreateCounter<long>("gradient_stability.epochs", "{epoch}", "Epochs ended.");

    public static Counter<long> Findings { get; } = s_meter.CreateCounter<long>("gradient_stability.findings", "{finding}", "Findings, by kind, severity and layer.");

    public static Gauge<double> Loss { get; } = s_meter.CreateGauge<double>("gradient_stability.loss", "1", "Mean loss of the latest batch.");

    public static Gauge<double> LearningRate { get; } = s_meter.CreateGauge<double>("gradient_stability.learning_rate", "1", "Learning rate of the latest step.");

    public static Gauge<double> ValidationLoss { get; } = s_meter.CreateGauge<double>(
        "gradient_stability.validation.loss", "1", "Mean loss of the held-out rows after the latest epoch.");

    public static Gauge<double> ValidationAccuracy { get; } = s_meter.CreateGauge<double>(
        "gradient_stability.validation.accuracy", "1", "Share of the held-out rows classified correctly after the latest epoch.");

    /// <summary>A histogram, because a spike between two readings is what one looks for; a bucket a decade.</summary>
    public static Histogram<double> GradientNorm { get; } = s_meter.CreateHistogram("gradient_stability.gradient_norm", "1",
        "L2 norm of the whole raw gradient at every step.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6],
        });

    public static Gauge<double> LayerGradientNorm { get; } = s_meter.CreateGauge<double>(
        "gradient_stability.layer_gradient_norm", "1", "L2 norm of a layer's raw gradient at the latest step.");

    public static Gauge<double> UpdateRatio { get; } = s_meter.CreateGauge<double>(
        "gradient_stability.update_ratio", "1", "Norm of the change of a layer's weights over that of the weights, at the latest full look.");

    /// <summary>Whether anybody listens to what is told step by step.</summary>
    public static bool WantsSteps => Steps.Enabled || Loss.Enabled || LearningRate.Enabled || GradientNorm.Enabled || LayerGradientNorm.Enabled;
}
