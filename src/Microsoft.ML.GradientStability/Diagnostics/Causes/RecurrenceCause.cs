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
        Symptom.Explosion when e.Reach.Length > 1 && e.Reach.Factor > 1 => 0.9,
        _ => 0,
    };

    public override string Tell(FitEvidence e) => HasBurst(e)
        ? Invariant($"the recurrence: a factor at each of {e.Reach.Length} steps makes single gradients burst, one had a norm of {e.GreatestNorm:G3} where {e.UsualNorm:G2} is usual, and nothing clipped it: a step along it throws the weights out of where they learn.")
        : e.Reach.IsShort
        ? Invariant($"the recurrence: every step puts a factor of about {e.Reach.Factor:F2} on the gradient on its way back, so that it reaches {e.Reach.Steps} of {e.Reach.Length} steps, and nothing is learnt of what lies before.")
        : Invariant($"the recurrence: every step puts a factor of about {e.Reach.Factor:F2} on the gradient on its way back; over {e.Reach.Length} steps that is {Math.Pow(e.Reach.Factor, e.Reach.Length):G2}.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => !HasBurst(e) && e.Reach.IsShort ? [new UseGatedCells()] : [new UseNormClipping(), new UseGatedCells()];

    private static bool HasBurst(FitEvidence e) => e.Reach.Length > 1 && e.Clipped == 0 && e.GreatestNorm > Burst * e.UsualNorm;
}
