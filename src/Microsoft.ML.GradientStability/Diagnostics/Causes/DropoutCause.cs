using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Dropout that leaves too few units to learn with.</summary>
internal sealed class DropoutCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom) =>
        symptom is Symptom.Overfit or Symptom.MissedClass ? 0 : e.Network.LeftOut switch { >= 0.95 => 0.95, >= 0.8 => 0.85, _ => 0 };

    public override string Tell(FitEvidence e) =>
        Invariant($"dropout {e.Network.LeftOut}: of the {e.Network.HiddenUnits.Min()} units of a layer about {e.Network.HiddenUnits.Min() * (1 - e.Network.LeftOut):F1} are left in a step, each enlarged {1 / (1 - e.Network.LeftOut):F0} times.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new LessDropout()];
}
