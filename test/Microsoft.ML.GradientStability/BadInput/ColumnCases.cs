using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Data;
using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Several feature columns, and keys among them.</summary>
internal static class ColumnCases
{
    private const string Area = "Several feature columns and categories";

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<ArgumentOutOfRangeException>(Area, "a network that takes one feature column", "ExtraFeatureColumns … takes one feature column; take Network.FeedForward",
            ("a custom one", () => Trainer(o => o.Network = Network.Custom((inputs, outputs) => TorchSharp.torch.nn.Linear(inputs, outputs))), "")),
        .. Line<ArgumentOutOfRangeException>(Area, "columns beside one of steps that have labels", "ExtraFeatureColumns … a label for every step is told by one feature column",
            ("a number", () => new MLContext().Regression.Trainers.DeepSequence(new() { Network = Network.Recurrent(), ExtraFeatureColumns = ["Age"] }), "Age")),
        .. Line<InvalidOperationException>(Area, "a column that a network reads by itself does not fit it", "The feature column 'Features' has 2 values a row, and the network's Input, … takes …",
            ("an image", () => Fit(Rows(), o => (o.Network, o.ExtraFeatureColumns) = (Network.Convolutional(4) with { Input = InputShape.Image(1, 3, 3) }, ["Age"])), "image 1×3×3, takes 9"),
            ("a sequence", () => Fit(Rows(), o => (o.Network, o.ExtraFeatureColumns) = (Network.Recurrent() with { Input = InputShape.Sequence(3, 2) }, ["Age", "Sort"])), "3 steps of 2, takes 6")),
        .. Line<ArgumentOutOfRangeException>(Area, "a column beside one that a network reads by itself is of no use", "",
            ("missing", () => Fit(Rows(), o => (o.Network, o.ExtraFeatureColumns) = (Network.Recurrent(), ["Kind"])), "Could not find feature column 'Kind'"),
            ("text", () => Fit(Rows(), o => (o.Network, o.ExtraFeatureColumns) = (Network.Recurrent(), ["Text"])), "feature column 'Text': expected a known-size vector of Single, got String")),
        .. Line<ArgumentOutOfRangeException>(Area, "a column that is named twice, or is no feature", "ExtraFeatureColumns",
            ("twice", () => Trainer(o => o.ExtraFeatureColumns = ["Sort", "Sort"]), "'Sort' is a feature column twice"),
            ("the first one again", () => Trainer(o => o.ExtraFeatureColumns = ["Features"]), "'Features' is a feature column twice"),
            ("the label", () => Trainer(o => o.ExtraFeatureColumns = ["Label"]), "'Label' is the label column"),
            ("the weight", () => Trainer(o => (o.ExtraFeatureColumns, o.ExampleWeightColumnName) = (["Weight"], "Weight")), "'Weight' is the weight column"),
            ("what the trainer makes", () => Trainer(o => o.ExtraFeatureColumns = ["Score"]), "that name is taken by an output of the trainer")),
        .. Line<ArgumentOutOfRangeException>(Area, "an extra feature column that is missing or of no use", "",
            ("missing", () => Fit(Rows(), o => o.ExtraFeatureColumns = ["Kind"]), "Could not find feature column 'Kind'"),
            ("text", () => Fit(Rows(), o => o.ExtraFeatureColumns = ["Text"]), "feature column 'Text': expected a known-size vector of Single, got String … OneHotEncoding(\"Text\")"),
            ("of more keys than a network can tell apart", () => Fit(Keyed(1 << 25), Several), "feature column 'Sort': expected at most 16777216 keys, got 33554432 … hash to fewer bits")),
        .. Line<InvalidOperationException>(Area, "a key out of range", "Row … has the key … in column 'Sort', and the network knows the keys 1 to … of it … same fitted transforms",
            ("in training", () => Fit(Keyed(2), Several), "Row 2 has the key 3 … 1 to 2"),
            ("in the validation set", () => Fit(Rows(), o => (o.ExtraFeatureColumns, o.ValidationSet) = (["Sort"], Rows(sorts: 5))), "ValidationSet: Row 4 has the key 4 … 1 to 3"),
            ("in scoring", () => Score(Rows(sorts: 5)), "Row 4 has the key 4 … 1 to 3")),
        .. Line<InvalidOperationException>(Area, "a number that is none, beside the features", "Row … has the value NaN in column 'Age' … ReplaceMissingValues(\"Age\")",
            ("in the third row", () => Fit(Rows(age: float.NaN), o => o.ExtraFeatureColumns = ["Age", "Sort"]), "Row 3"),
            ("beside a sequence", () => Fit(Rows(age: float.NaN), o => (o.Network, o.ExtraFeatureColumns) = (Network.Recurrent(), ["Age", "Sort"])), "Row 3")),
        .. Line<ArgumentOutOfRangeException>(Area, "data to be scored with other columns", "The network was trained on",
            ("a key that is a number now", () => Score(new MLContext().Transforms.CopyColumns("Sort", "Age").Fit(Rows()).Transform(Rows())), "feature column 'Sort': expected Key<UInt32, 0-2>, got Single"),
            ("one is missing", () => Score(new MLContext().Transforms.DropColumns("Sort").Fit(Rows()).Transform(Rows())), "Could not find feature column 'Sort'")),
        .. Line<InvalidOperationException>(Area, "to go on from a network of other categories", "The previous model is of another form: its columns of keys are …, not …",
            ("more keys", () => GoOn(Rows(sorts: 5), Several), "'Sort' with 3 keys, not 'Sort' with 5 keys"),
            ("none before", () => GoOn(Rows(), change: null), "none, not 'Sort' with 3 keys")),
        .. Line<InvalidOperationException>(Area, "an embedding beyond what a file holds", "The embedding of column 'Sort' … Set a smaller EmbeddingWidth",
            ("too wide", () => Fit(Keyed(1 << 20), o => (o.ExtraFeatureColumns, o.Network) = (["Sort"], Network.FeedForward(4) with { EmbeddingWidth = 1000 })), "1048576 keys by 1000 numbers")),
    ];

    private static void Several(SupervisedOptions options) => options.ExtraFeatureColumns = ["Sort"];

    private static void Trainer(Action<SupervisedOptions> change) => Tables.Trainer(EveryTask.Regression, o =>
    {
        Several(o);
        change(o);
    });

    private static void Fit(IDataView data, Action<SupervisedOptions> change) => Tables.Trainer(EveryTask.Regression, change).Fit(data);

    /// <summary>Goes on from a network of three sorts, or of none.</summary>
    private static void GoOn(IDataView data, Action<SupervisedOptions>? change) =>
        ((DeepNetworkRegressionTrainer)Tables.Trainer(EveryTask.Regression, Several)).Fit(data, Tables.Trainer(EveryTask.Regression, change).Fit(Rows()));

    private static void Score(IDataView data)
    {
        using var model = (DeepNetworkTransformer)Tables.Trainer(EveryTask.Regression, Several).Fit(Rows());
        EveryTask.Scores(model, data);
    }

    /// <summary>Rows whose keys are those of so many sorts, in turn; a row object counts them from 0.</summary>
    private static IDataView Rows(int sorts = 3, float age = 40)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Sort)].ColumnType = new KeyDataViewType(typeof(uint), sorts);
        return new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(row => new Row
        {
            Features = [row, row % 7], Age = row == 2 ? age : row, Sort = (uint)(row % sorts), Label = row % 5,
        }).ToArray(), schema);
    }

    /// <summary>Keys 2, 3, 2, … of a column whose type says how many there are.</summary>
    private static IDataView Keyed(int count) => new KeyedView(
        new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(row => new Unkeyed { Features = [row, row % 7], Sort = 2 + (uint)row % 2, Label = row % 5 }).ToArray()),
        nameof(Unkeyed.Sort), new KeyDataViewType(typeof(uint), count));

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Age { get; set; }

        public uint Sort { get; set; }

        public string Text { get; set; } = "";

        public float Label { get; set; }
    }

    private sealed class Unkeyed
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public uint Sort { get; set; }

        public float Label { get; set; }
    }
}
