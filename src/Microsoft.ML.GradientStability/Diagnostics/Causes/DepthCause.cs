using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Many plain layers: what rows have in common drowns what tells them apart, and randomness adds up.</summary>
internal sealed class DepthCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom) =>
        symptom is Symptom.Overfit or Symptom.MissedClass || e.Network.Residual is not null || e.LayerFactor is null ? 0 : Math.Min(0.86, e.Depth / 50.0);

    public override string Tell(FitEvidence e) =>
        Invariant($"the depth: {e.Depth} plain layers without shortcuts. Signals of different rows grow alike from layer to layer, and the gradient of the first layers is noise, even where weights keep its scale (a factor of {e.LayerFactor:F2} a layer).");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new UseGatedResidual(), new UseResidualConnections(), new UseLayerNormalization()];
}
