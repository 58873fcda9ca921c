using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>A fit that ends before it could get anywhere.</summary>
internal sealed class StepsCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom) =>
        symptom is Symptom.PoorFit && e.End is not null && e.Taken < 60 && e.UpdateRatio > 1e-4 ? 0.97 - 0.3 * e.Taken / 60 : 0;

    public override string Tell(FitEvidence e) =>
        Invariant($"too few steps: training ended after {e.Taken} of them, {e.Options.Epochs} epochs of batches of {e.Options.BatchSize} rows.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new MoreEpochs(e.Options.Epochs!.Value)];
}
