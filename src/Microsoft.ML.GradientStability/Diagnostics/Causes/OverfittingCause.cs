using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>More freedom than rows: they are learnt by heart.</summary>
internal sealed class OverfittingCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom) =>
        symptom is Symptom.Overfit || symptom is Symptom.PoorFit && e.End is { LeastHeldOutLoss: not null } end && end.Loss < 0.9 * e.Guessing ? 0.6 : 0;

    public override string Tell(FitEvidence e) =>
        Invariant($"overfitting: the network has {e.Layers.Sum(layer => (long)layer.Length)} weights and learnt its rows by heart; what it learnt does not hold for others. More rows help most.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new UseDropout(), new UseWeightDecay()];
}
