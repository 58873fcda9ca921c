using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Weights that no row can have.</summary>
internal static class WeightCases
{
    private const string Area = "Weights";

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<InvalidOperationException>(Area, "a row has no usable weight", "Row 24 has the weight … in column 'Weight' … at least 0",
            ("below 0", () => Fit(EveryTask.Regression, 23, -1), "-1"),
            ("NaN", () => Fit(EveryTask.Binary, 23, float.NaN), "NaN"),
            ("∞", () => Fit(EveryTask.Multiclass, 23, float.PositiveInfinity), "Infinity"),
            ("−∞", () => Fit(EveryTask.Regression, 23, float.NegativeInfinity), "-Infinity")),
        .. Line<InvalidOperationException>(Area, "all rows weigh 0", "weights in column 'Weight' are 0 … At least one row must count",
            ("yes or no", () => Fit(EveryTask.Binary, null, 0), ""),
            ("classes", () => Fit(EveryTask.Multiclass, null, 0), ""),
            ("a number", () => Fit(EveryTask.Regression, null, 0), "")),
    ];

    private static void Fit(string task, int? row, float weight)
    {
        var rows = EveryTask.Rows(40);
        for (var i = 0; i < rows.Length; i++)
            rows[i].Weight = row is null || row == i ? weight : rows[i].Weight;
        EveryTask.Fit(new MLContext(seed: 1), task, EveryTask.Load(new MLContext(), rows), o => o.ExampleWeightColumnName = "Weight").Dispose();
    }
}
