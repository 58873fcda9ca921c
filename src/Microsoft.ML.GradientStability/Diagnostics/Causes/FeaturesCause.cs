using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Features in a scale that no network starts well from, or that a few rows hide.</summary>
internal sealed class FeaturesCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom)
    {
        var data = e.Data;
        if (symptom is Symptom.Overfit && !data.HasOutliers)
            return 0;
        return data.HasOutliers ? 0.96 : data.IsLarge || data.IsOffset || data.IsSmall ? 0.95 : 0;
    }

    public override string Tell(FitEvidence e)
    {
        var data = e.Data;
        return data.HasOutliers ? Invariant($"the data: a few rows lie so far out that they make the spread of features {data.Inflation:G3} times that of the others, which look all alike beside them. No option mends that: remove or cap these rows.")
            : data.IsSmall ? Invariant($"the data: features vary by {data.Spread:G2} only, and the first layer sees next to nothing; set StandardizeFeatures = true.")
            : data.IsLarge ? Invariant($"the data: features reach {data.Greatest:G4}, and the first gradients scale with them; set StandardizeFeatures = true.")
            : Invariant($"the data: the mean of features is {data.OffsetRatio:G3} times their spread, and the first layer sees their offset, not what tells rows apart; set StandardizeFeatures = true.");
    }

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => !e.Data.HasOutliers ? [new UseStandardizedFeatures()] : [];
}
