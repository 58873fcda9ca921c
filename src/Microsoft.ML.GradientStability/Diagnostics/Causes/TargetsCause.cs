using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Numbers to predict of which a few lie far from the others.</summary>
internal sealed class TargetsCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom) =>
        e.Data.HasTargetOutliers ? 0.97 : 0;

    public override string Tell(FitEvidence e) =>
        Invariant($"the data: a few targets lie so far out that they make the spread of the label {e.Data.TargetInflation:G3} times that of the others, which look like one number beside them. No option mends that: remove or cap these rows, or learn the logarithm.");
}
