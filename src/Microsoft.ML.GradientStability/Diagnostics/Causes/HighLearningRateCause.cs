using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Steps that are too large for the network.</summary>
internal sealed class HighLearningRateCause : Cause
{
    /// <summary>‖Δw‖/‖w‖ from which a step replaces the weights more than it improves them; 1e-3 is usual (Karpathy, CS231n).</summary>
    private const double Large = 0.03;

    public override double Score(FitEvidence e, Symptom symptom)
    {
        // At the first step no rate has acted yet.
        if (e.Taken == 0 || symptom is Symptom.Overfit or Symptom.MissedClass)
            return 0;
        var ratio = Math.Max(e.UpdateRatio, Math.Max(e.FirstUpdateRatio, e.LastUpdateRatio));
        var grown = e.WeightNorm / e.FirstWeightNorm;
        var killed = FitEvidence.Dead(e.Activations) > 0.95 && FitEvidence.Dead(e.FirstActivations) < 0.8 ? 0.2 : 0;
        var large = 0.35 * Math.Log10(Math.Max(1, ratio / Large)) + 0.3 * Math.Log10(Math.Max(1, grown / 1.5)) + killed;
        return Math.Min(0.93, (symptom is Symptom.Explosion ? 0.6 : 0.4) * (ratio > 0.003 || grown > 1.5 ? 1 : 0) + large);
    }

    public override string Tell(FitEvidence e) =>
        Invariant($"the learning rate {e.Options.Optimizer.LearningRate:G3} of {e.Options.Optimizer} is too high: it changes the weights by {Math.Max(e.UpdateRatio, Math.Max(e.FirstUpdateRatio, e.LastUpdateRatio)):G2} of their size in a step, where 0.001 is usual")
        + (FitEvidence.Dead(e.Activations) > 0.95 ? ", and units died of it." : ".");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new LowerLearningRate(e.Options.Optimizer.LearningRate), new UseNormClipping(), new UseLayerNormalization()];
}
