using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>A class with so few rows that overlooking it costs next to nothing.</summary>
internal sealed class ClassImbalanceCause : Cause
{
    /// <summary>The ratio from which SageMaker Debugger speaks of imbalance.</summary>
    private const double Imbalance = 10;

    public override double Score(FitEvidence e, Symptom symptom) => symptom is Symptom.MissedClass or Symptom.PoorFit && Ratio(e.Data.RowsOfClass.Select(rows => (double)rows)) > Imbalance
        && Ratio(e.Data.RowsOfClass.Select((rows, c) => rows * e.Options.WeightOfClass(c))) > Imbalance
        && Ratio(e.Data.RowsOfClass.Select((_, c) => e.Options.WeightOfClass(c))) < Imbalance ? 0.93 : 0;

    public override string Tell(FitEvidence e) =>
        Invariant($"class imbalance: the rarest class has {e.Data.RowsOfClass.Where(rows => rows > 0).Min()} rows, the most frequent {e.Data.RowsOfClass.Max()}; overlooking it costs next to nothing.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new UseBalancedClasses(e.Data.RowsOfClass)];

    /// <summary>Greatest over least of those above 0; 1 of none.</summary>
    internal static double Ratio(IEnumerable<double> values)
    {
        var positive = values.Where(value => value > 0).ToArray();
        return positive.Length == 0 ? 1 : positive.Max() / positive.Min();
    }
}
