using System.Reflection;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Which fold of ML.NET's <c>CrossValidate</c> data is the training part of. ML.NET tells an estimator nothing of it, but its data comes, some
/// transforms further up, out of a filter that leaves out one range of a random number in [0, 1), with both ends; that of
/// <c>TrainTestSplit</c> is the same but for the upper end. Where a later ML.NET renames these members no fold is known; pinned by
/// <c>CrossValidationTests</c>.
/// </summary>
internal static class CrossValidationFold
{
    private const BindingFlags Private = BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>Such as <c>fold 2 of 5</c>; <see langword="null"/> outside of a cross-validation.</summary>
    public static string? Of(IDataView data)
    {
        for (object? view = data; view is not null; view = Source(view))
            if (view.GetType().Name == "RangeFilter" && Number(view, "_min") is { } from && Number(view, "_max") is { } to && to > from
                && Flag(view, "_complement") && Flag(view, "_includeMax"))
                return FormattableString.Invariant($"fold {Math.Round(to / (to - from))} of {Math.Round(1 / (to - from))}");
        return null;
    }

    private static double? Number(object view, string name) => view.GetType().GetField(name, Private)?.GetValue(view) as double?;

    private static bool Flag(object view, string name) => view.GetType().GetField(name, Private)?.GetValue(view) is true;

    /// <summary>What a view is made of, one of ML.NET or a network's own.</summary>
    private static object? Source(object view) => (view.GetType().GetInterface("Microsoft.ML.Data.IDataTransform")?.GetProperty("Source")
        ?? view.GetType().GetProperty("Source", Private))?.GetValue(view);
}
