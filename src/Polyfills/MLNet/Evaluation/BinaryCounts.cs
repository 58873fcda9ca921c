namespace Microsoft.ML.Data;

/// <summary>What a pass over scored rows adds up, and the metrics that follow from it. A score above 0 predicts the positive class.</summary>
internal sealed class BinaryCounts
{
    private readonly List<(float Score, bool IsPositive)> _rows = [];
    private double _loss, _lossPositives, _lossNegatives;

    public IReadOnlyCollection<(float Score, bool IsPositive)> Rows => _rows;

    /// <summary>A row a true class, a column a predicted class; the positive class comes first.</summary>
    public double[][] Confusion { get; } = [new double[2], new double[2]];

    public double Accuracy => (Confusion[0][0] + Confusion[1][1]) / _rows.Count;

    /// <summary>In bits, as the losses.</summary>
    public double Entropy => EntropyOf(Confusion[0].Sum() / _rows.Count);

    /// <summary>NaN when a row has no probability.</summary>
    public double LogLoss => _loss / (_lossPositives + _lossNegatives);

    /// <summary>1 - log loss / entropy of the labels: the gain over always answering with the classes' shares.</summary>
    public double LogLossReduction
    {
        get
        {
            var rows = _lossPositives + _lossNegatives;
            if (rows == 0)
                return 0;
            var prior = EntropyOf(_lossPositives / rows);
            return (prior - LogLoss) / prior;
        }
    }

    public void Add(bool isPositive, float score, float probability)
    {
        _rows.Add((score, isPositive));
        Confusion[isPositive ? 0 : 1][score > 0 ? 0 : 1]++;
        _loss -= Math.Log(isPositive ? probability : 1.0 - probability, 2);
        if (!float.IsNaN(probability))
            (isPositive ? ref _lossPositives : ref _lossNegatives)++;
    }

    private static double EntropyOf(double share) =>
        share is 0 or 1 ? 0 : -share * Math.Log(share, 2) - (1 - share) * Math.Log(1 - share, 2);
}
