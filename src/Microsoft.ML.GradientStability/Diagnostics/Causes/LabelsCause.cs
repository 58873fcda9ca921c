using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Labels that have nothing to do with the features.</summary>
internal sealed class LabelsCause : Cause
{
    /// <summary>Training rows below which a rule may be there that they do not show.</summary>
    private const int MinRows = 100;

    /// <summary>Where a recurrent network hears less than half of the steps, what it does not learn says the less of the labels.</summary>
    public override double Score(FitEvidence e, Symptom symptom) => Math.Min(1, 2 * e.HeardShare) * OfWhatIsHeard(e, symptom);

    private static double OfWhatIsHeard(FitEvidence e, Symptom symptom)
    {
        if (e.End is not { } end || symptom is Symptom.MissedClass)
            return 0;
        if (end.LeastHeldOutLoss is { } loss)
            // What is learnt by heart, from rows enough, and never holds for others, was no rule.
            return loss < 0.97 * e.Guessing ? 0 : end.Loss < 0.9 * e.Guessing ? e.Rows >= MinRows ? 0.9 : 0.55 : 0.5;
        return symptom is Symptom.PoorFit ? 0.5 : 0;
    }

    public override string Tell(FitEvidence e) => (e.End!.LeastHeldOutLoss is { } loss
        ? Invariant($"the labels: held-out rows were never scored better than by guessing (loss {loss:G3}, guessing {e.Guessing:G3}), while weights moved by {e.UpdateRatio:G2} of their size a step. The labels carry no signal that these features show, or are wrong.")
        : Invariant($"the labels: nothing else is wrong that could be seen, weights moved by {e.UpdateRatio:G2} of their size a step, and yet nothing was learnt. The labels seem to carry no signal that these features show."))
        + (e.HeardShare < 0.99 ? Invariant($" That holds for {e.HeardShare:P0} of the steps of the sequences; the gradient of the others was too weak to tell.") : "");
}
