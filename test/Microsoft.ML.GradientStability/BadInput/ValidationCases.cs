using Microsoft.ML.Data;
using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Rows to be judged that cannot judge.</summary>
internal static class ValidationCases
{
    private const string Area = "Held-out rows";

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<InvalidOperationException>(Area, "a fraction holds out too many or too few", "ValidationFraction",
            ("all rows", AllHeldOut, "Lower ValidationFraction, or pass a ValidationSet"),
            ("none, for early stopping", NoneHeldOut, "Raise it, or pass a ValidationSet")),
        .. Line<ArgumentOutOfRangeException>(Area, "a ValidationSet of another form", "ValidationSet … Prepare it by the same fitted transforms as the training data",
            ("more features", () => Fit(EveryTask.Regression, Numbers(), Wider()), "has 3 features … the training data 2"),
            ("classes in another order", () => Fit(EveryTask.Multiclass, Keyed("red", "green", "blue"), Keyed("blue", "green", "red")), "blue, green, red … red, green, blue"),
            ("another number of classes", () => Fit(EveryTask.Multiclass, Keyed("red", "green", "blue"), Keyed("red", "green")), "red, green")),
        .. Line<ArgumentOutOfRangeException>(Area, "a ValidationSet that lacks a column or has it of another type", "",
            ("no features", () => Fit(EveryTask.Regression, Numbers(), new MLContext().Data.LoadFromEnumerable([new LabelOnly()])), "feature column 'Features'"),
            ("a label of another type", () => Fit(EveryTask.Regression, Numbers(), Keyed("red", "green")), "label column 'Label' … expected Single"),
            ("no weights", () => Fit(EveryTask.Regression, Numbers(), Numbers(), o => o.ExampleWeightColumnName = "Importance"), "weight column 'Importance'")),
        .. Line<InvalidOperationException>(Area, "a ValidationSet with rows that no network can judge", "",
            ("no rows", () => Fit(EveryTask.Regression, Numbers(), Tables.Of<float[], float>([[1, 2]], [1], Tables.Vector(NumberDataViewType.Single), rows: 0)), "ValidationSet … has 0 rows"),
            ("NaN", () => Fit(EveryTask.Regression, Numbers(), Tables.Of<float[], float>([[1, float.NaN]], [1, 2], Tables.Vector(NumberDataViewType.Single))), "ow 1 has the value NaN in slot 1"),
            ("∞", () => Fit(EveryTask.Regression, Numbers(), Tables.Of<float[], float>([[float.PositiveInfinity, 1]], [1, 2], Tables.Vector(NumberDataViewType.Single))), "ow 1 has the value Infinity in slot 0"),
            ("no label", () => Fit(EveryTask.Regression, Numbers(), Tables.OfLabels([1, float.NaN])), "ow 2 … label in column 'Label'")),
    ];

    private sealed class LabelOnly
    {
        public float Label { get; set; }
    }

    private static IDataView Numbers() => Tables.OfLabels([1f, 2f, 4f]);

    private static IDataView Wider() => Tables.Of<float[], float>([[1, 2, 3], [3, 4, 6]], [1, 2], Tables.Vector(NumberDataViewType.Single, 3));

    private static IDataView Keyed(params string[] names)
    {
        var data = Tables.OfLabels(names);
        return new MLContext().Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private static void AllHeldOut()
    {
        var seed = Enumerable.Range(0, 100).First(s => new HeldOutRows(0.9, s).Contains(0));
        FitRows(1, o => (o.ValidationFraction, o.Seed) = (0.9, seed));
    }

    /// <summary>Early stopping on no rows at all would never stop.</summary>
    private static void NoneHeldOut()
    {
        var seed = Enumerable.Range(0, 100).First(s => !Enumerable.Range(0, 6).Any(row => new HeldOutRows(0.1, s).Contains(row)));
        FitRows(6, o => (o.ValidationFraction, o.Seed, o.EarlyStopping) = (0.1, seed, EarlyStopping.After()));
    }

    private static void FitRows(int rows, Action<SupervisedOptions> change) =>
        EveryTask.Fit(new MLContext(seed: 1), EveryTask.Regression, EveryTask.Load(new MLContext(), EveryTask.Rows(rows)), change).Dispose();

    private static void Fit(string task, IDataView data, IDataView validation, Action<SupervisedOptions>? change = null) => Tables.Trainer(task, o =>
    {
        o.ValidationSet = validation;
        change?.Invoke(o);
    }).Fit(data);
}
