using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Weights in the loss that let some classes drown the others.</summary>
internal sealed class LossWeightsCause : Cause
{
    /// <summary>Weights that differ by more than this speak for themselves, unless they balance the rows.</summary>
    private const double Drowned = 30;

    public override double Score(FitEvidence e, Symptom symptom)
    {
        var weights = ClassImbalanceCause.Ratio(e.Data.RowsOfClass.Select((_, c) => e.Options.WeightOfClass(c)));
        var masses = ClassImbalanceCause.Ratio(e.Data.RowsOfClass.Select((rows, c) => rows * e.Options.WeightOfClass(c)));
        return weights > Drowned && masses > Drowned ? 0.96 : 0;
    }

    public override string Tell(FitEvidence e) =>
        Invariant($"the weights in the loss: by {(e.Objective is { HasClasses: true } && e.Data.RowsOfClass.Count == 2 ? "PositiveWeight" : "ClassWeights")} a row of one class counts {ClassImbalanceCause.Ratio(e.Data.RowsOfClass.Select((_, c) => e.Options.WeightOfClass(c))):G3} times one of another, which drowns it.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new UseEqualClassWeights()];
}
