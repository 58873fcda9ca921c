namespace Microsoft.ML.GradientStability;

/// <summary>One step of <see cref="TrainingCurves"/>.</summary>
/// <param name="Step">From 1 over all epochs.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean loss of the batch.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="GradientNorm">L2 norm of the whole raw gradient.</param>
/// <param name="ClippedGradientNorm">That of the gradient that the optimizer got at its latest step.</param>
/// <param name="LayerNorms">L2 norm of the raw gradient of every layer, from the input on.</param>
public sealed record StepPoint(
    long Step, int Epoch, double Loss, double LearningRate, double GradientNorm, double ClippedGradientNorm, IReadOnlyList<double> LayerNorms);
