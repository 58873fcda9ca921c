using Microsoft.ML;

namespace QuickStart;

/// <summary>Compares what two models say of the same rows.</summary>
internal static class Predictions
{
    public static (int Rows, int Equal, double GreatestDifference) Compare(MLContext ml, IDataView first, IDataView second)
    {
        var (rows, equal, difference) = (0, 0, 0.0);
        foreach (var (a, b) in Read(ml, first).Zip(Read(ml, second)))
        {
            rows++;
            equal += a.Digit == b.Digit ? 1 : 0;
            difference = Math.Max(difference, a.Score.Zip(b.Score, (x, y) => Math.Abs(x - y)).Max());
        }
        return (rows, equal, difference);
    }

    private static IEnumerable<Prediction> Read(MLContext ml, IDataView data) => ml.Data.CreateEnumerable<Prediction>(data, reuseRowObject: false);
}
