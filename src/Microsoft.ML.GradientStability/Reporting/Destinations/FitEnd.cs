namespace Microsoft.ML.GradientStability;

/// <summary>How a fit ended, for those it is reported to.</summary>
/// <param name="End">The name of a <c>TrainingEnd</c>, or <c>Failed</c>.</param>
/// <param name="Error">What it failed by; <see langword="null"/> where a model came of it.</param>
/// <param name="Findings">What was found, as it was in the end; <see langword="null"/> where that is not known.</param>
/// <param name="Summary">Time, speed and memory in a line; <see langword="null"/> where it failed.</param>
internal sealed record FitEnd(string End, Exception? Error, IReadOnlyList<Finding>? Findings, string? Summary);
