using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Clipping that leaves next to nothing of the gradient.</summary>
internal sealed class ClippingCause : Cause
{
    /// <summary>Adam's ε: gradients near it lose what makes steps independent of their size.</summary>
    private const double AdamEpsilon = 1e-8;

    public override double Score(FitEvidence e, Symptom symptom)
    {
        if (symptom is not (Symptom.PoorFit or Symptom.Vanishing) || e.ClippedShare < 0.9)
            return 0;
        if (e.Options.Optimizer.IsAdaptive)
            return e.ClippedNorm / Math.Sqrt(e.Layers.Sum(layer => (double)layer.Length)) < 10 * AdamEpsilon ? 0.92 : 0;
        return e.ClipFactor < 0.03 && e.UpdateRatio < 1e-3 ? 0.94 : 0;
    }

    public override string Tell(FitEvidence e) =>
        Invariant($"clipping by {e.Options.Clipping} leaves {e.ClipFactor:G2} of the gradient in {e.ClippedShare:P0} of the steps, and a step changes the weights by {e.UpdateRatio:G2} of their size.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new LoosenClipping()];
}
