namespace Microsoft.ML.GradientStability;

/// <summary>Batch normalization over a handful of rows.</summary>
internal sealed class BatchSizeCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom) =>
        symptom is not Symptom.MissedClass && e.Network.Normalization is BatchNormalization && e.Options.BatchSize is < 8 and var rows ? 0.95 - 0.02 * rows : 0;

    public override string Tell(FitEvidence e) =>
        $"the batch size: batch normalization judges mean and variance by {e.Options.BatchSize} rows, which is mostly noise, and scores with other statistics than it trained with.";

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new LargerBatches(), new ReplaceBatchNormalization()];
}
