using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>A gradient that gets a factor at every step of a sequence: below 1 it never reaches the first of them, above 1 it grows on its way.</summary>
internal sealed class RecurrenceCause : Cause
{
    /// <summary>A gradient so many times the usual one throws the weights out of where they learn.</summary>
    private const double Burst = 30;

    public override double Score(FitEvidence e, Symptom symptom) => symptom switch
    {
        Symptom.PoorFit when HasBurst(e) => 0.94,
        Symptom.Vanishing or Symptom.PoorFit when e.Reach.IsShort => 0.93,
        // Never above half, as the labels where they are all heard: that a step is not heard does not say that something stands there.
        Symptom.PoorFit when e.End is not null => 0.5 * Math.Min(1, 2 * (1 - e.HeardShare)),
        Symptom.Explosion when e.Reach.Length > 1 && e.Reach.Factor > 1 => 0.9,
        _ => 0,
    };

    public override string Tell(FitEvidence e) => HasBurst(e)
        ? Invariant($"the recurrence: a factor at each of {e.Reach.Length} steps makes single gradients burst, one had a norm of {e.GreatestNorm:G3} where {e.UsualNorm:G2} is usual, and nothing clipped it: a step along it throws the weights out of where they learn.")
        : e.Reach.IsShort
        ? Invariant($"the recurrence: every step puts a factor of about {e.Reach.Factor:F2} on the gradient on its way back, so that it reaches {e.Reach.Steps} of {e.Reach.Length} steps, and nothing is learnt of what lies before.")
        : e.End is not null
        ? Invariant($"the recurrence: on its way back the gradient gets weak, so that it reached {e.HeardShare:P0} of the steps of the sequences with a tenth of its greatest or more. Hardly anything is learnt of the others, and whether they say anything of the labels cannot be told.")
        : Invariant($"the recurrence: every step puts a factor of about {e.Reach.Factor:F2} on the gradient on its way back; over {e.Reach.Length} steps that is {Math.Pow(e.Reach.Factor, e.Reach.Length):G2}.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => !HasBurst(e) && (e.Reach.IsShort || e.End is not null) ? [new UseGatedCells()] : [new UseNormClipping(), new UseGatedCells()];

    private static bool HasBurst(FitEvidence e) => e.Reach.Length > 1 && e.Clipped == 0 && e.GreatestNorm > Burst * e.UsualNorm;
}
