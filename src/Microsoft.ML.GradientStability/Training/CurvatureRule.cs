using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Says of a learning rate that it is more than twice what the curvature at the start allows. Up to twice a fit can still find a flatter place by
/// itself (Lewkowycz et al. 2020, "The large learning rate phase of deep learning"). Says nothing where clipping bounds the steps, or of
/// optimizers that scale their steps themselves.
/// </summary>
internal static class CurvatureRule
{
    private const double Tolerance = 2;

    public static Finding? Judge(double curvature, double loss, TrainingContext context)
    {
        var (options, rate) = (context.Options, context.Options.Optimizer.LearningRate);
        if (!(curvature > 0) || options.Optimizer.GreatestLearningRate(curvature) is not { } limit || rate <= Tolerance * limit || options.Clipping.BoundsSteps)
            return null;
        var why = new Explanation(
            Invariant($"the learning rate {rate:G3} of {options.Optimizer} is too high: along the steepest direction, of curvature {curvature:G3}, steps overshoot from {limit:G3} on."),
            "LearningRate", Confidence: 0.9, [new LowerLearningRate(rate, 2 * rate / limit), new UseNormClipping()]);
        return new Finding(why)
        {
            Kind = "Learning rate above the curvature's limit",
            Severity = Severity.Warning,
            Layer = "the whole network",
            Epoch = 1,
            Step = 1,
            Evidence = Invariant($"the greatest eigenvalue of the Hessian is {curvature:G3} for the first batch, whose loss is {loss:G4}; full steps diverge above a rate of {limit:G3}."),
            Measures = new Dictionary<string, double> { ["curvature"] = curvature, ["greatest rate"] = limit, ["rate"] = rate },
        };
    }
}
