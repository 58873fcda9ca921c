namespace Microsoft.ML.GradientStability;

/// <summary>A fit, judged when it has ended: by training rows and by those that were held out, both scored as the model will score.</summary>
/// <param name="Loss">Mean loss of (at most 2048) training rows.</param>
/// <param name="Accuracy">Share of them that is right; <see langword="null"/> without classes.</param>
/// <param name="RecallOfClass">The share that is right of each class, by its index; NaN of a class without a row; empty without classes.</param>
/// <param name="HeldOutLoss">Of the held-out rows after the last epoch; <see langword="null"/> without such rows.</param>
/// <param name="HeldOutAccuracy">The same.</param>
/// <param name="LeastHeldOutLoss">Of all epochs.</param>
/// <param name="HeldOutRows">How many.</param>
internal sealed record FinalJudgement(double Loss, double? Accuracy, IReadOnlyList<double> RecallOfClass,
    double? HeldOutLoss, double? HeldOutAccuracy, double? LeastHeldOutLoss, long HeldOutRows);
