using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>A schedule that takes the rate away before the fit is done.</summary>
internal sealed class ScheduleCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom) =>
        symptom is Symptom.PoorFit && e.WeakShare > 0.3 ? Math.Min(0.95, 0.8 + 0.3 * e.WeakShare) : 0;

    public override string Tell(FitEvidence e) =>
        Invariant($"the schedule {e.Options.Schedule}: {e.WeakShare:P0} of the steps had less than a hundredth of the learning rate, so that the fit ended long before its last epoch.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new UseConstantSchedule()];
}
