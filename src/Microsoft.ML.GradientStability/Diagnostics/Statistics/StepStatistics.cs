namespace Microsoft.ML.GradientStability;

/// <summary>A full look at one step: what is not measured at every step.</summary>
/// <param name="Step">From 1 over all epochs.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Cosine">Of the gradient with that of the step before, in [−1, 1]; 0 where it was not measured.</param>
/// <param name="NoiseScale">Gradient noise scale in rows (McCandlish et al. 2018); infinite where two batches had no direction in common.</param>
/// <param name="Layers">Layer by layer, from the input on.</param>
/// <param name="Activations">Hidden layer by hidden layer.</param>
public sealed record StepStatistics(long Step, int Epoch, double Cosine, double NoiseScale, IReadOnlyList<LayerStatistics> Layers,
    IReadOnlyList<ActivationStatistics> Activations)
{
    /// <summary>
    /// Of sequences the norm of the loss's gradient by every step, from the first on, as the first layer gets it: how far back training reaches. Empty where rows
    /// are no sequences.
    /// </summary>
    public IReadOnlyList<double> GradientOverTime { get; init; } = [];
}
