namespace Microsoft.ML.GradientStability;

/// <summary>The time that a fit spent on looking at itself.</summary>
/// <param name="EveryStep">On what is read at every step: the norm of every layer's gradient, and the rules.</param>
/// <param name="FullLooks">On the full looks, one every <c>StatisticsInterval</c> steps.</param>
public readonly record struct DiagnosticsCost(TimeSpan EveryStep, TimeSpan FullLooks);
