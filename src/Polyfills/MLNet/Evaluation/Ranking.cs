using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Scored rows from the highest score to the lowest; rows of equal scores stay in their order.</summary>
internal sealed class Ranking(IEnumerable<(float Score, bool IsPositive)> rows)
{
    private readonly (float Score, bool IsPositive)[] _rows = [.. rows.OrderByDescending(row => row.Score)];

    /// <summary>The share of pairs of a positive and a negative row in which the positive one scores higher; an equal score is half a pair.</summary>
    public double AreaUnderRocCurve()
    {
        double positives = 0, negatives = 0, pairs = 0;
        for (var start = 0; start < _rows.Length;)
        {
            double equalPositives = 0, equalNegatives = 0;
            var score = _rows[start].Score;
            for (; start < _rows.Length && _rows[start].Score == score; start++)
                (_rows[start].IsPositive ? ref equalPositives : ref equalNegatives)++;
            pairs += (positives + 0.5 * equalPositives) * equalNegatives;
            positives += equalPositives;
            negatives += equalNegatives;
        }
        Contracts.CheckParam(positives > 0, "PosSample", "AUC is not defined when there is no positive class in the data");
        Contracts.CheckParam(negatives > 0, "NegSample", "AUC is not defined when there is no negative class in the data");
        return pairs / (positives * negatives);
    }

    /// <summary>The lower trapezoid estimator (Boyd, Eng and Page, 2013).</summary>
    public double AreaUnderPrecisionRecallCurve()
    {
        double positives = _rows.Count(row => row.IsPositive);
        double found = 0, recall = 0, precision = 1, area = 0;
        for (var i = 0; i < _rows.Length; i++)
        {
            var before = precision;
            if (_rows[i].IsPositive)
                found++;
            precision = found / (i + 1);
            area += (found / positives - recall) * (before + precision) / 2;
            recall = found / positives;
        }
        return area;
    }
}
