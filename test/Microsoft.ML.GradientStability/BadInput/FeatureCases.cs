using Microsoft.ML.Data;
using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Rows that there are not, and features that no network can take.</summary>
internal static class FeatureCases
{
    private const string Area = "Rows and features";

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<InvalidOperationException>(Area, "there are no rows", "0 rows … Check the source of the data and the filters",
            ("yes or no", () => Fit(EveryTask.Binary, []), ""),
            ("classes", () => Fit(EveryTask.Multiclass, []), ""),
            ("a number", () => Fit(EveryTask.Regression, []), ""),
            ("an autoencoder", () => new MLContext().Transforms.DeepAutoencoder().Fit(EveryTask.Load(new MLContext(), [])), ""),
            ("a range test", () => new MLContext().Regression.Trainers.DeepNetwork("Number").FindLearningRate(EveryTask.Load(new MLContext(), [])), "")),
        .. Line<InvalidOperationException>(Area, "a feature is missing", "Row … has the value NaN in slot … of column 'Features' … append mlContext.Transforms.ReplaceMissingValues(\"Features\")",
            ("in the first row", () => Fit(EveryTask.Binary, With(0, 2, float.NaN)), "Row 1 … slot 2"),
            ("in the last row", () => Fit(EveryTask.Regression, With(39, 0, float.NaN)), "Row 40 … slot 0"),
            ("of an autoencoder", () => new MLContext().Transforms.DeepAutoencoder().Fit(EveryTask.Load(new MLContext(), With(7, 1, float.NaN))), "Row 8 … slot 1"),
            ("behind rows of weight 0", () => Fit(EveryTask.Regression, BehindRowsOfWeight0(), o => o.ExampleWeightColumnName = "Weight"), "Row 10 … slot 2"),
            ("in a slot with a name", NamedSlot, "in slot 1 ('Height')"),
            ("while data streams", () => Fit(EveryTask.Binary, With(9, 1, float.NaN), o => o.MemoryBudget = 1 << 20), "Row 10 … slot 1")),
        .. Line<InvalidOperationException>(Area, "a feature is infinite", "Row … in slot … of column 'Features' … append mlContext.Transforms.Expression(\"Features\"",
            ("∞", () => Fit(EveryTask.Binary, With(4, 1, float.PositiveInfinity)), "Row 5 has the value Infinity in slot 1"),
            ("−∞", () => Fit(EveryTask.Multiclass, With(4, 0, float.NegativeInfinity)), "Row 5 has the value -Infinity in slot 0"),
            ("∞ beside NaN", () => Fit(EveryTask.Multiclass, [new() { Features = [float.PositiveInfinity, float.NaN, 0] }, .. EveryTask.Rows(9)]), "Row 1 has the value Infinity in slot 0")),
        .. Line<InvalidOperationException>(Area, "a row has another width than the column's type says", "",
            ("fewer values", OtherWidth, "")),
        .. Line<InvalidOperationException>(Area, "batch normalization and a single row", "one training row … Add rows, or set Normalization.Layer",
            ("an autoencoder", () => new MLContext().Transforms.DeepAutoencoder(new DeepAutoencoderEstimator.Options
            {
                Network = Network.FeedForward(8) with { Normalization = Normalization.Batch }, Epochs = 1,
            }).Fit(EveryTask.Load(new MLContext(), EveryTask.Rows(1))), "")),
        .. Line<InvalidOperationException>(Area, "standardized weights and a single feature", "one feature … Add features, or set WeightParametrization.None",
            ("a number", () => Tables.Trainer(EveryTask.Regression, o => o.Network = Network.FeedForward(8) with
            {
                Normalization = Normalization.Group(2), WeightParametrization = WeightParametrization.WeightStandardization,
            }).Fit(Tables.Of<float[], float>([[1], [2]], [1, 2], Tables.Vector(NumberDataViewType.Single, 1))), "")),
    ];

    private static EveryTask.Row[] With(int row, int slot, float value)
    {
        var rows = EveryTask.Rows(40);
        rows[row].Features[slot] = value;
        return rows;
    }

    private static EveryTask.Row[] BehindRowsOfWeight0()
    {
        var rows = With(9, 2, float.NaN);
        rows[3].Weight = 0;
        return rows;
    }

    private static void OtherWidth() => Tables.Trainer(EveryTask.Regression).Fit(
        Tables.Of<VBuffer<float>, float>([new(2, [1, 2]), new(1, [1])], [1, 2], Tables.Vector(NumberDataViewType.Single)));

    private static void NamedSlot()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable([new Named { Height = float.NaN }]);
        ml.Transforms.Concatenate("Features", "Width", "Height").Append(Tables.Trainer(EveryTask.Regression)).Fit(data);
    }

    private sealed class Named
    {
        public float Width { get; set; }

        public float Height { get; set; }

        public float Label { get; set; }
    }

    private static void Fit(string task, EveryTask.Row[] rows, Action<SupervisedOptions>? change = null) =>
        EveryTask.Fit(new MLContext(seed: 1), task, EveryTask.Load(new MLContext(), rows), change).Dispose();
}
