namespace Microsoft.ML.GradientStability;

/// <summary>One step of a fit, measured.</summary>
/// <param name="Step">From 1 over all epochs.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean loss of the batch.</param>
/// <param name="LearningRate">Of the step.</param>
/// <param name="GradientNorm">L2 norm of the raw gradient.</param>
/// <param name="ClippedGradientNorm">The same after clipping.</param>
/// <param name="Cosine">Of the gradient with that of the step before, in [−1, 1]; 0 where it was not measured.</param>
/// <param name="NoiseScale">Gradient noise scale in rows (McCandlish et al. 2018); infinite where two batches had no direction in common.</param>
/// <param name="Layers">Layer by layer, from the input on.</param>
/// <param name="Activations">Hidden layer by hidden layer.</param>
public sealed record StepRecord(long Step, int Epoch, double Loss, double LearningRate, double GradientNorm, double ClippedGradientNorm, double Cosine,
    double NoiseScale, IReadOnlyList<LayerRecord> Layers, IReadOnlyList<ActivationStatistics> Activations);
