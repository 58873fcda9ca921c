using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>A loss so small that plain gradient descent hardly moves.</summary>
internal sealed class LossScaleCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom) =>
        e.Guessing < 0.01 && !e.Options.Optimizer.IsAdaptive && symptom is Symptom.PoorFit or Symptom.Vanishing && e.Guessing < 0.01 ? 0.94 : 0;

    public override string Tell(FitEvidence e) =>
        Invariant($"the scale of the loss: guessing costs {e.Guessing:G2} only, and {e.Options.Optimizer} takes steps in proportion to it, {e.UpdateRatio:G2} of the weights each.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new UseAdam()];
}
