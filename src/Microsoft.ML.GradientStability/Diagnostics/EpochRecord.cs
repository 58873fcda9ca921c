namespace Microsoft.ML.GradientStability;

/// <summary>One epoch of a fit.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean training loss.</param>
/// <param name="ValidationLoss">Mean loss of the held-out rows; <see langword="null"/> without such rows.</param>
/// <param name="ValidationAccuracy">Share of them classified correctly; <see langword="null"/> without such rows or without classes.</param>
public readonly record struct EpochRecord(int Epoch, double Loss, double? ValidationLoss, double? ValidationAccuracy);
