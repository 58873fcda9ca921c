namespace Microsoft.ML.GradientStability;

/// <summary>What detectors know of the fit that they watch.</summary>
internal sealed class TrainingContext(
    DeepNetworkOptions options, NetworkModule module, FlatParameters parameters, double lossOfGuessing, double greatestFeature)
{
    public DeepNetworkOptions Options => options;

    public FlatParameters Parameters => parameters;

    /// <summary>The loss of a model that knows nothing: ln K for K classes.</summary>
    public double LossOfGuessing => lossOfGuessing;

    /// <summary>Why gradients would leave the healthy range in this fit, judged by its initial weights and data.</summary>
    public CauseAnalysis Causes { get; } = new(options, module, greatestFeature);
}
