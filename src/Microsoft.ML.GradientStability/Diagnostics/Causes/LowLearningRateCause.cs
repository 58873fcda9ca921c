using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Steps that are too small to get anywhere.</summary>
internal sealed class LowLearningRateCause : Cause
{
    /// <summary>‖Δw‖/‖w‖ below which a fit crawls; 1e-3 is usual (Karpathy, CS231n).</summary>
    private const double Small = 2e-4;

    public override double Score(FitEvidence e, Symptom symptom) => symptom is Symptom.PoorFit && e.UpdateRatio < Small && e.WeakShare < 0.3
        ? Math.Min(0.91, 0.6 + 0.3 * Math.Log10(Small / e.UpdateRatio)) : 0;

    public override string Tell(FitEvidence e) =>
        Invariant($"the learning rate {e.Options.Optimizer.LearningRate:G3} of {e.Options.Optimizer} is too low: a step changed the weights by {e.UpdateRatio:G2} of their size, where 0.001 is usual, and {e.Taken} steps came nowhere.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new RaiseLearningRate(e.Options.Optimizer.LearningRate, e.UpdateRatio)];
}
