namespace Microsoft.ML.GradientStability;

/// <summary>One epoch of <see cref="TrainingCurves"/>.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Step">Its last step, from 1 over all epochs.</param>
/// <param name="Loss">Mean training loss.</param>
/// <param name="ValidationLoss">Mean loss of the held-out rows; <see langword="null"/> without such rows.</param>
/// <param name="ValidationAccuracy">Share of the held-out rows classified correctly; <see langword="null"/> without such rows or without classes.</param>
/// <param name="ClippedShare">Share of its steps whose gradient was clipped, in [0, 1].</param>
public sealed record EpochPoint(int Epoch, long Step, double Loss, double? ValidationLoss, double? ValidationAccuracy, double ClippedShare);
