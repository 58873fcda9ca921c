using Microsoft.ML.Data;
using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Labels that nothing can be learnt from.</summary>
internal static class LabelCases
{
    private const string Area = "Labels";

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<InvalidOperationException>(Area, "a row has no label", "Row … label in column",
            ("a missing key", () => Fit(EveryTask.Multiclass, row => row.Class = 99, 2), "Row 3 … 'Class'"),
            ("NaN", () => Fit(EveryTask.Regression, row => row.Number = float.NaN, 6), "Row 7 … 'Number'"),
            ("text that is no number", NoNumber, "Row 2 … 'Label'")),
        .. Line<InvalidOperationException>(Area, "a row has an infinite label", "Row … has the label … which is no finite number, in column",
            ("∞", () => Fit(EveryTask.Regression, row => row.Number = float.PositiveInfinity, 0), "Row 1 … 'Number'"),
            ("−∞", () => Fit(EveryTask.Regression, row => row.Number = float.NegativeInfinity, 39), "Row 40 … 'Number'")),
        .. Line<InvalidOperationException>(Area, "all rows have one label", "All … have the … label … in column",
            ("one class", () => FitAll(EveryTask.Multiclass, row => row.Class = 1), "key 2 … 'Class' … at least two classes"),
            ("true", () => FitAll(EveryTask.Binary, row => row.Yes = true), "true … 'Yes' … both"),
            ("false", () => FitAll(EveryTask.Binary, row => row.Yes = false), "false … 'Yes' … both"),
            ("a constant number", () => FitAll(EveryTask.Regression, row => row.Number = 0.1f), "'Number' … constant"),
            ("one class that weighs anything", () => FitAll(EveryTask.Multiclass, row => row.Weight = row.Class == 1 ? 1 : 0, o => o.ExampleWeightColumnName = "Weight"), "key 2 … 'Class'"),
            ("true, of all that weigh anything", () => FitAll(EveryTask.Binary, row => row.Weight = row.Yes ? 1 : 0, o => o.ExampleWeightColumnName = "Weight"), "true … 'Yes'"),
            ("a single row", () => Tables.Trainer(EveryTask.Multiclass).Fit(Tables.Of<float[], uint>([[1, 2]], [0], Tables.Vector(NumberDataViewType.Single), new KeyDataViewType(typeof(uint), 2), rows: 1)), "key 1"),
            ("a key of one value", () => Tables.Trainer(EveryTask.Multiclass).Fit(Tables.OfLabels<uint>([0], new KeyDataViewType(typeof(uint), 1))), "key 1")),
        .. Line<ArgumentOutOfRangeException>(Area, "class weights of another number than the keys", "ClassWeights is … 3 keys, and every one needs a weight",
            ("fewer", () => FitAll(EveryTask.Multiclass, _ => { }, o => ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights = [1, 2]), "is 2"),
            ("more", () => FitAll(EveryTask.Multiclass, _ => { }, o => ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights = [1, 2, 1, 1]), "is 4"),
            ("none", () => FitAll(EveryTask.Multiclass, _ => { }, o => ((DeepNetworkMulticlassTrainer.Options)o).ClassWeights = [1]), "is 1")),
    ];

    private static void NoNumber() => new MLContext().Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single)
        .Append(Tables.Trainer(EveryTask.Regression)).Fit(Tables.OfLabels(["1", "one"]));

    private static void Fit(string task, Action<EveryTask.Row> spoil, int row)
    {
        var rows = EveryTask.Rows(40);
        spoil(rows[row]);
        EveryTask.Fit(new MLContext(seed: 1), task, EveryTask.Load(new MLContext(), rows)).Dispose();
    }

    private static void FitAll(string task, Action<EveryTask.Row> spoil, Action<SupervisedOptions>? change = null)
    {
        var rows = EveryTask.Rows(40);
        foreach (var row in rows)
            spoil(row);
        EveryTask.Fit(new MLContext(seed: 1), task, EveryTask.Load(new MLContext(), rows), change).Dispose();
    }
}
