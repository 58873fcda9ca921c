using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>A penalty or a bound that takes the weights away.</summary>
internal sealed class RegularizerCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom)
    {
        if (symptom is Symptom.Overfit or Symptom.MissedClass or Symptom.Explosion || e.Options.Regularization.Count == 0 && !e.Options.Optimizer.DecaysWeights)
            return 0;
        var left = e.WeightNorm / e.FirstWeightNorm;
        return left < 0.7 ? Math.Min(0.96, 0.97 - 0.2 * left) : 0;
    }

    public override string Tell(FitEvidence e) =>
        Invariant($"the regularizer ({(e.Options.Regularization.Count == 0 ? $"{e.Options.Optimizer}" : string.Join(", ", e.Options.Regularization))}): the weights are down to {e.WeightNorm / e.FirstWeightNorm:P0} of the size they started with.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new DropRegularization()];
}
