namespace Microsoft.ML.Data;

/// <summary>What a pass over scored rows adds up, and the metrics that follow from it.</summary>
internal sealed class MulticlassCounts(int classes)
{
    // A probability of zero would make one row's loss infinite.
    private const float LeastProbability = 1e-15f;

    private readonly double[] _rowsOfClass = new double[classes];
    private readonly double[] _lossOfClass = new double[classes];
    // The last rank is that of labels beyond the scored classes.
    private readonly double[] _rowsAtRank = new double[classes + 1];
    private double _rows, _loss;

    /// <summary>A row a true class, a column a predicted class.</summary>
    public double[][] Confusion { get; } = [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];

    public double MicroAccuracy => _rows > 0 ? _rowsAtRank[0] / _rows : 0;

    public double MacroAccuracy
    {
        get
        {
            var recalls = Enumerable.Range(0, classes).Where(i => _rowsOfClass[i] > 0).Select(i => Confusion[i][i] / _rowsOfClass[i]);
            return recalls.DefaultIfEmpty().Average();
        }
    }

    public double LogLoss => _rows > 0 ? _loss / _rows : 0;

    /// <summary>1 - log loss / entropy of the labels: the gain over always answering with the classes' shares.</summary>
    public double LogLossReduction
    {
        get
        {
            var entropy = -_rowsOfClass.Where(n => n > 0).Sum(n => n * Math.Log(n / _rows)) / _rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss => [.. _lossOfClass.Select((loss, i) => _rowsOfClass[i] > 0 ? loss / _rowsOfClass[i] : 0)];

    /// <summary>Element k - 1 is the share of rows whose label is among the k highest scores.</summary>
    public double[] TopKAccuracy(int k)
    {
        if (k > _rowsAtRank.Length)
            throw new IndexOutOfRangeException($"There is no top-{k} accuracy of {classes} classes.");
        var sum = 0.0;
        return [.. _rowsAtRank.Take(k).Select(rows => sum += rows / _rows)];
    }

    public void Add(int label, ReadOnlySpan<float> scores)
    {
        _rows++;
        var known = label < classes;
        var loss = -Math.Log(known ? Math.Min(1, Math.Max(LeastProbability, scores[label])) : LeastProbability);
        _loss += loss;

        // Equal scores rank in the order of the classes.
        var own = known ? scores[label] : 0;
        int rank = 0, predicted = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > own || (scores[i] == own && i < label))
                rank++;
            if (scores[i] > scores[predicted])
                predicted = i;
        }

        _rowsAtRank[rank]++;
        if (!known)
            return;
        _rowsOfClass[label]++;
        _lossOfClass[label] += loss;
        Confusion[label][predicted]++;
    }
}
