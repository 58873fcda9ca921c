using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>What is said on the log of row weights that are too far apart.</summary>
internal static class RowWeights
{
    /// <summary>A greater ratio leaves hardly a digit of the lesser weight in single precision.</summary>
    private const double MostApart = 1e30;

    /// <param name="statistics">Of the training rows.</param>
    /// <param name="columns">Theirs.</param>
    public static IEnumerable<string> Warnings(RowStatistics statistics, BoundColumns columns)
    {
        if (columns.Weight is { } weight && (double)statistics.GreatestWeight / statistics.LeastWeight > MostApart)
            yield return Invariant($"The weights in column '{weight.Name}' reach from {statistics.LeastWeight:G3} to {statistics.GreatestWeight:G3}; ")
                + "beside the greatest, rows of less than 1e-30 of it do not count in single precision. Give them the weight 0, or weights closer together.";
    }
}
