namespace Microsoft.ML.Data;

public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(BinaryCounts counts, IReadOnlyList<ReadOnlyMemory<char>> classNames)
    {
        var ranking = new Ranking(counts.Rows);
        AreaUnderRocCurve = ranking.AreaUnderRocCurve();
        AreaUnderPrecisionRecallCurve = ranking.AreaUnderPrecisionRecallCurve();
        Accuracy = counts.Accuracy;
        ConfusionMatrix = new ConfusionMatrix(counts.Confusion, classNames, isBinary: true);
    }

    public double AreaUnderRocCurve { get; }

    public double Accuracy { get; }

    public double PositivePrecision => ConfusionMatrix.PerClassPrecision[0];

    public double PositiveRecall => ConfusionMatrix.PerClassRecall[0];

    public double NegativePrecision => ConfusionMatrix.PerClassPrecision[1];

    public double NegativeRecall => ConfusionMatrix.PerClassRecall[1];

    public double F1Score => PositivePrecision + PositiveRecall is > 0 and var sum ? 2 * PositivePrecision * PositiveRecall / sum : 0;

    public double AreaUnderPrecisionRecallCurve { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
