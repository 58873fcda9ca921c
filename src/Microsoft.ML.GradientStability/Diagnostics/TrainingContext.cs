namespace Microsoft.ML.GradientStability;

/// <summary>What detectors know of the fit that they watch.</summary>
internal sealed class TrainingContext(
    TrainingOptions options, Objective objective, NetworkModule module, FlatParameters parameters, double greatestFeature)
{
    public TrainingOptions Options => options;

    public FlatParameters Parameters => parameters;

    public Objective Objective => objective;

    /// <summary>Why gradients would leave the healthy range in this fit, judged by its initial weights and data.</summary>
    public CauseAnalysis Causes { get; } = new(options, module, greatestFeature);
}
