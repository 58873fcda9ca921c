namespace Microsoft.ML.Data;

public sealed class RegressionMetrics
{
    internal RegressionMetrics(RegressionCounts counts)
    {
        MeanAbsoluteError = counts.MeanAbsoluteError;
        MeanSquaredError = counts.MeanSquaredError;
        RootMeanSquaredError = Math.Sqrt(counts.MeanSquaredError);
        LossFunction = counts.LossFunction;
        RSquared = counts.RSquared;
    }

    public double MeanAbsoluteError { get; }

    public double MeanSquaredError { get; }

    public double RootMeanSquaredError { get; }

    public double LossFunction { get; }

    public double RSquared { get; }
}
