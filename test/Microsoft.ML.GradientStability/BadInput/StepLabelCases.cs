using Microsoft.ML.Data;
using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Labels of the steps of sequences.</summary>
internal static class StepLabelCases
{
    private const string Area = "Labels of steps";

    private static readonly MLContext s_ml = new(seed: 1);

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<InvalidOperationException>(Area, "a row has not as many labels as steps", "labels in column 'Label' and … steps in column 'Features'. Mend the transforms",
            ("classes", () => Classes(Good, ([1, 2, 3], [1, 2])), "Row 2 has 2 labels"),
            ("numbers", () => Numbers(([1, 2, 3], [1, 2, 3]), ([1, 2], [1, 2, 3])), "Row 2 has 3 labels")),
        .. Line<InvalidOperationException>(Area, "a row has no label at any step", "has no label at any step in column 'Label'. Remove such rows, or give them labels.",
            ("classes", () => Classes(Good, ([1, 2], [0, 0])), "Row 2"),
            ("numbers", () => Numbers(([1, 2, 3], [1, 2, 3]), ([1, 2], [float.NaN, float.NaN])), "Row 2")),
        .. Line<InvalidOperationException>(Area, "the label of a step is none", "of column 'Label'. Remove such rows, or give them labels.",
            ("a key beyond the count of its type", () => Classes(Good, ([1, 2], [1, 7])), "Row 2 has a key beyond the count of its type at step 2"),
            ("an infinite number", () => Numbers(([1, 2], [1, 2]), ([1, 2], [float.PositiveInfinity, 1])), "Row 2 has the label Infinity, which is no finite number, at step 1")),
        .. Line<ArgumentOutOfRangeException>(Area, "a label column of rows is given where labels are those of steps", "Schema mismatch for label column 'Label'",
            ("a key", () => s_ml.MulticlassClassification.Trainers.DeepSequence().Fit(Samples.KeyedClusters(s_ml)), "expected a vector of keys, got Key<UInt32>. Name a column with a label for every step, or use mlContext.MulticlassClassification.Trainers.DeepNetwork"),
            ("numbers for classes", () => s_ml.MulticlassClassification.Trainers.DeepSequence().Fit(Load<float>(NumberDataViewType.Single, ([1, 2], [1, 2]))), "expected a vector of keys, got a vector of Single of unknown size. Append mlContext.Transforms.Conversion.MapValueToKey"),
            ("keys for numbers", () => s_ml.Regression.Trainers.DeepSequence().Fit(Load<uint>(new KeyDataViewType(typeof(uint), 2), Good)), "mlContext.MulticlassClassification.Trainers.DeepSequence"),
            ("of one size, and features of sizes of their own", () => Numbers(size: 2, ([1, 2], [1, 2])), "expected a vector of unknown size as the features are")),
        .. Line<ArgumentOutOfRangeException>(Area, "the network has no steps", "a label for every step takes a network over sequences; take Network.Recurrent or Network.Attention",
            ("dense layers", () => s_ml.Regression.Trainers.DeepSequence(new DeepSequenceRegressionTrainer.Options { Network = Network.FeedForward(4) }), ""),
            ("convolutions", () => s_ml.MulticlassClassification.Trainers.DeepSequence(new DeepSequenceMulticlassTrainer.Options { Network = Network.Convolutional(4) }), "")),
        .. Line<ArgumentOutOfRangeException>(Area, "TeacherForcing is set where no label of a step can be fed to the next", "TeacherForcing … or leave it out",
            ("both ways", () => s_ml.MulticlassClassification.Trainers.DeepSequence(new DeepSequenceMulticlassTrainer.Options { Network = Network.Recurrent(bidirectional: true) with { TeacherForcing = true } }), "set Bidirectional = false"),
            ("a label a row", () => s_ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = Network.Recurrent() with { TeacherForcing = true } }), "take a DeepSequence trainer")),
        .. Line<InvalidOperationException>(Area, "the features are a signal", "channel behind channel, and labels are those of steps. Set InputShape.Sequence",
            ("by the Input", () => s_ml.Regression.Trainers.DeepSequence(new DeepSequenceRegressionTrainer.Options { Network = Network.Recurrent(hidden: 4) with { Input = InputShape.Signal(1, 2) }, Epochs = 1 })
                .Fit(Load<float>(NumberDataViewType.Single, 2, 2, ([1, 2], [1, 2]))), "signal 1×2")),
    ];

    private static (float[] Features, uint[] Labels) Good => ([1, 2, 3], [1, 2, 0]);

    private static void Classes(params (float[] Features, uint[] Labels)[] rows) =>
        s_ml.MulticlassClassification.Trainers.DeepSequence(new DeepSequenceMulticlassTrainer.Options { Epochs = 1 }).Fit(Load<uint>(new KeyDataViewType(typeof(uint), 2), rows));

    private static void Numbers(params (float[] Features, float[] Labels)[] rows) => Numbers(size: 0, rows);

    private static void Numbers(int size, params (float[] Features, float[] Labels)[] rows) =>
        s_ml.Regression.Trainers.DeepSequence(new DeepSequenceRegressionTrainer.Options { Epochs = 1 }).Fit(Load<float>(NumberDataViewType.Single, 0, size, rows));

    private static IDataView Load<T>(PrimitiveDataViewType type, params (float[] Features, T[] Labels)[] rows) => Load<T>(type, 0, 0, rows);

    private static IDataView Load<T>(PrimitiveDataViewType type, int features, int labels, params (float[] Features, T[] Labels)[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row<T>));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        schema["Label"].ColumnType = new VectorDataViewType(type, labels);
        return s_ml.Data.LoadFromEnumerable(rows.Select(row => new Row<T> { Features = row.Features, Label = row.Labels }).ToArray(), schema);
    }

    private sealed class Row<T>
    {
        public float[] Features { get; set; } = [];

        public T[] Label { get; set; } = [];
    }
}
