using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Branches that add up over the depth because nothing normalizes them.</summary>
internal sealed class ResidualSumsCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom)
    {
        if (symptom is Symptom.Overfit or Symptom.MissedClass || e.Network is not { Residual: { } residual, Normalization: NoNormalization } || e.LayerFactor is null || residual.Gate is { } gate && Math.Abs(gate) < 0.1)
            return 0;
        return Saturating(e.Depth / residual.BranchLayers * Math.Log(Growth(e)) / 3, 0.95);
    }

    public override string Tell(FitEvidence e) =>
        Invariant($"the sums of the residual branches: without normalization every block enlarges the signal about {Growth(e):F2} times, over {e.Depth} layers that is {Math.Pow(Growth(e), e.Depth / e.Network.Residual!.BranchLayers):G2}.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new UseLayerNormalization(), new UseGatedResidual()];

    /// <summary>√(1 + f²) a block, f the factor of its branch.</summary>
    private static double Growth(FitEvidence e) => Math.Sqrt(1 + Math.Pow(e.LayerFactor!.Value, 2 * e.Network.Residual!.BranchLayers));
}
