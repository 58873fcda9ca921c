namespace Microsoft.ML.GradientStability;

/// <summary>
/// Features that nothing can be learnt of, because they are the same number in all training rows, and those of which little can be:
/// too small to be scaled, or scaled by outliers.
/// </summary>
internal static class ConstantFeatures
{
    /// <summary>The inverse of a smaller deviation is beyond Single.</summary>
    private const double LeastDeviation = 1 / (double)float.MaxValue;

    /// <summary>To tell numbers so much closer than a standard deviation apart takes weights a thousand times the usual.</summary>
    private const double LeastMiddleHalf = 1e-3;

    /// <summary>One row alone says nothing of what changes.</summary>
    /// <exception cref="InvalidOperationException">All features are constant.</exception>
    public static void Refuse(RowStatistics statistics, BoundColumns columns)
    {
        if (statistics.Count > 1 && statistics.Constant.Count() == statistics.Width)
            throw new InvalidOperationException(
                $"All {statistics.Count} training rows have the same features in {columns.Features.Title}, and nothing can be learnt of features that do not change. "
                + "Check the source of the data and the transforms before the trainer.");
    }

    /// <summary>What is said of them on the log.</summary>
    /// <param name="statistics">Of the training rows.</param>
    /// <param name="columns">Theirs.</param>
    /// <param name="effect">What the model makes of a constant feature.</param>
    public static IEnumerable<string> Warnings(RowStatistics statistics, BoundColumns columns, string effect)
    {
        var constant = statistics.Constant.ToArray();
        if (constant.Length > 0)
            yield return $"{Named(constant)} the same number in all training rows; {effect}.";
        var tiny = columns.Features.Numbers.Where(i => statistics.Deviation(i) is > 0 and < LeastDeviation).ToArray();
        if (tiny.Length > 0)
            yield return $"{Named(tiny)} of a standard deviation below {LeastDeviation:G2}, the least that single precision can bring to 1; the network hardly sees how they vary. "
                + "Multiply them by a constant before the trainer.";
        var outliers = columns.Features.Numbers
            .Where(i => statistics.Deviation(i) > 0 && statistics.Sample.MiddleHalf(i) is > 0 and var half && half < LeastMiddleHalf * statistics.Deviation(i)).ToArray();
        if (outliers.Length > 0)
            yield return $"{Named(outliers)} scaled by outliers: half of the training rows lie within a thousandth of a standard deviation, and the network hardly tells them apart. "
                + "Remove the outliers, or bound such features before the trainer.";

        string Named(int[] slots) =>
            $"{slots.Length} of the {statistics.Width} features in {columns.Features.Title} ({Listing.Of(columns.Features.Names(slots), slots.Length)}) {(slots.Length == 1 ? "is" : "are")}";
    }
}
