namespace Microsoft.ML.GradientStability;

/// <summary>One step of a learning-rate range test.</summary>
/// <param name="LearningRate">The rate of the step.</param>
/// <param name="Loss">The mean loss of the step's rows before the step was taken.</param>
/// <param name="SmoothedLoss">The moving average of the losses up to here.</param>
public readonly record struct LearningRatePoint(double LearningRate, double Loss, double SmoothedLoss);
