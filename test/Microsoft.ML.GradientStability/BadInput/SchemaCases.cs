using Microsoft.ML.Data;
using static Microsoft.ML.GradientStability.Tests.BadInput.BadInput;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>Columns that are missing or of the wrong type, in data and in the shape that a pipeline knows ahead of it.</summary>
internal static class SchemaCases
{
    private const string Area = "Columns";

    private static readonly uint[] s_keys = [0, 1];

    public static IEnumerable<BadInput> All() =>
    [
        .. Line<ArgumentOutOfRangeException>(Area, "a column is missing", "Could not find … column … The data has 'Features', 'Label' … Set",
            ("the features", () => Fit(EveryTask.Multiclass, Good(), o => o.FeatureColumnName = "Pixels"), "feature column 'Pixels' … FeatureColumnName … Concatenate"),
            ("the label", () => Fit(EveryTask.Multiclass, Good(), o => o.LabelColumnName = "Class"), "label column 'Class' … LabelColumnName"),
            ("the weights", () => Fit(EveryTask.Multiclass, Good(), o => o.ExampleWeightColumnName = "Importance"), "weight column 'Importance' … ExampleWeightColumnName"),
            ("the features, of another case", () => Fit(EveryTask.Multiclass, Good(), o => o.FeatureColumnName = "FEATURES"), "Set FeatureColumnName = \"Features\""),
            ("the label, in a pipeline", () => FitPipeline(EveryTask.Regression, Good(), o => o.LabelColumnName = "Class"), "label column 'Class'"),
            ("the weights, in a pipeline", () => FitPipeline(EveryTask.Binary, Tables.OfLabels([true, false]), o => o.ExampleWeightColumnName = "Class"), "weight column 'Class'"),
            ("the features, of a range test", () => new MLContext().MulticlassClassification.Trainers.DeepNetwork(featureColumnName: "Pixels").FindLearningRate(Good()), "feature column 'Pixels'")),
        .. Line<ArgumentOutOfRangeException>(Area, "features are no vector of Single of known size", "Schema mismatch for feature column 'Features': expected a known-size vector of Single, got",
            ("a number", () => Fit(EveryTask.Multiclass, Tables.OfFeatures([1f, 2f])), "got Single … Concatenate"),
            ("a vector without a size", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<float[]>([[1, 2]])), "of unknown size … [VectorType(n)]"),
            ("a vector of Double", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<double[]>([[1, 2]], Tables.Vector(NumberDataViewType.Double))), "got a vector of Double … ConvertType"),
            ("a vector of Int32", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<int[]>([[1, 2]], Tables.Vector(NumberDataViewType.Int32))), "got a vector of Int32 … ConvertType"),
            ("a vector of Boolean", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<bool[]>([[true, false]], Tables.Vector(BooleanDataViewType.Instance))), "ConvertType"),
            ("a vector of UInt16", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<ushort[]>([[1, 2]], Tables.Vector(NumberDataViewType.UInt16))), "ConvertType"),
            ("a vector of Double without a size", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<double[]>([[1, 2]])), "[VectorType(n)] … ConvertType"),
            ("text", () => Fit(EveryTask.Multiclass, Tables.OfFeatures(["a", "b"])), "got String … OneHotEncoding … FeaturizeText"),
            ("texts", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<string[]>([["a", "b"]], Tables.Vector(TextDataViewType.Instance))), "OneHotEncoding"),
            ("texts without a size", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<string[]>([["a", "b"]])), "OutputKind.Bag"),
            ("a key", () => Fit(EveryTask.Multiclass, Tables.OfFeatures(s_keys, new KeyDataViewType(typeof(uint), 3))), "got Key<UInt32> … MapKeyToVector"),
            ("keys", () => Fit(EveryTask.Multiclass, Tables.OfFeatures<uint[]>([s_keys], Tables.Vector(new KeyDataViewType(typeof(uint), 3)))), "MapKeyToVector"),
            ("a date", () => Fit(EveryTask.Multiclass, Tables.OfFeatures([new DateTime(2020, 1, 1)])), "CustomMapping"),
            ("a Boolean", () => Fit(EveryTask.Multiclass, Tables.OfFeatures([true, false])), "ConvertType … Concatenate"),
            ("a vector of Double, in a pipeline", () => FitPipeline(EveryTask.Multiclass, Tables.OfFeatures<double[]>([[1, 2]], Tables.Vector(NumberDataViewType.Double))), "got a vector of Double"),
            ("a number, of an autoencoder", () => new MLContext().Transforms.DeepAutoencoder().Fit(Tables.OfFeatures([1f, 2f])), "Concatenate")),
        .. Line<ArgumentOutOfRangeException>(Area, "the label is not Boolean, for yes or no", "Schema mismatch for label column 'Label': expected Boolean, got",
            ("Single", () => Fit(EveryTask.Binary, Tables.OfLabels([-1f, 1f])), "got Single … Expression(\"Label\", \"x => x > 0\", \"Label\")"),
            ("Double", () => Fit(EveryTask.Binary, Tables.OfLabels([0.0, 1.0])), "got Double … Expression"),
            ("Int32", () => Fit(EveryTask.Binary, Tables.OfLabels([0, 1])), "Expression"),
            ("Byte", () => Fit(EveryTask.Binary, Tables.OfLabels(new byte[] { 0, 1 })), "ConvertType … Expression"),
            ("text", () => Fit(EveryTask.Binary, Tables.OfLabels(["yes", "no"])), "got String … MapValue"),
            ("a key", () => Fit(EveryTask.Binary, Tables.OfLabels(s_keys, new KeyDataViewType(typeof(uint), 2))), "got Key<UInt32> … MulticlassClassification"),
            ("a vector", () => Fit(EveryTask.Binary, Tables.OfLabels<bool[]>([[true, false]], Tables.Vector(BooleanDataViewType.Instance))), "one value a row"),
            ("a date", () => Fit(EveryTask.Binary, Tables.OfLabels([new DateTime(2020, 1, 1)])), "CustomMapping"),
            ("Single, in a pipeline", () => FitPipeline(EveryTask.Binary, Tables.OfLabels([-1f, 1f])), "Expression")),
        .. Line<ArgumentOutOfRangeException>(Area, "the label is no key, for several classes", "Schema mismatch for label column 'Label': expected Key, got",
            ("text", () => Fit(EveryTask.Multiclass, Tables.OfLabels(["a", "b"])), "got String … MapValueToKey(\"Label\")"),
            ("Single", () => Fit(EveryTask.Multiclass, Tables.OfLabels([1f, 2f])), "MapValueToKey"),
            ("UInt32 that is no key", () => Fit(EveryTask.Multiclass, Tables.OfLabels(s_keys)), "got UInt32 … MapValueToKey"),
            ("Boolean", () => Fit(EveryTask.Multiclass, Tables.OfLabels([true, false])), "MapValueToKey"),
            ("keys", () => Fit(EveryTask.Multiclass, Tables.OfLabels<uint[]>([s_keys], Tables.Vector(new KeyDataViewType(typeof(uint), 3)))), "one value a row"),
            ("text, in a pipeline", () => FitPipeline(EveryTask.Multiclass, Tables.OfLabels(["a", "b"])), "MapValueToKey")),
        .. Line<ArgumentOutOfRangeException>(Area, "the label is not Single, for a number", "Schema mismatch for label column 'Label': expected Single, got",
            ("Double", () => Fit(EveryTask.Regression, Tables.OfLabels([1.0, 2.0])), "ConvertType(\"Label\", outputKind: DataKind.Single)"),
            ("Int32", () => Fit(EveryTask.Regression, Tables.OfLabels([1, 2])), "got Int32 … ConvertType"),
            ("Boolean", () => Fit(EveryTask.Regression, Tables.OfLabels([true, false])), "got Boolean … ConvertType"),
            ("text", () => Fit(EveryTask.Regression, Tables.OfLabels(["1", "2"])), "ConvertType"),
            ("a key", () => Fit(EveryTask.Regression, Tables.OfLabels(s_keys, new KeyDataViewType(typeof(uint), 2))), "got Key<UInt32> … MulticlassClassification … MapKeyToValue"),
            ("a vector", () => Fit(EveryTask.Regression, Tables.OfLabels<float[]>([[1, 2]], Tables.Vector(NumberDataViewType.Single))), "got a vector of Single … one value a row"),
            ("a date", () => Fit(EveryTask.Regression, Tables.OfLabels([new DateTime(2020, 1, 1)])), "CustomMapping"),
            ("a key, in a pipeline", () => FitPipeline(EveryTask.Regression, Tables.OfLabels(s_keys, new KeyDataViewType(typeof(uint), 2))), "got Key<UInt32>")),
        .. Line<ArgumentOutOfRangeException>(Area, "the weights are not Single", "Schema mismatch for weight column 'Label': expected Single, got",
            ("Boolean", () => Weighted(EveryTask.Binary, Tables.OfLabels([true, false])), "ConvertType"),
            ("a key", () => Weighted(EveryTask.Multiclass, Good()), "ExampleWeightColumnName"),
            ("a key, in a pipeline", () => FitPipeline(EveryTask.Multiclass, Good(), o => o.ExampleWeightColumnName = "Label"), "ExampleWeightColumnName")),
        .. Line<ArgumentOutOfRangeException>(Area, "data to score is not that of the training", "",
            ("no features", () => Model().Transform(EmptyLike("Other")), "Could not find feature column 'Features' … The network was trained on it"),
            ("more features", () => Model().Transform(Tables.OfFeatures<float[]>([[1, 2, 3]], Tables.Vector(NumberDataViewType.Single, 3))), "expected a vector of 2 Single … trained on that many"),
            ("features of Double", () => Model().Transform(Tables.OfFeatures<double[]>([[1, 2]], Tables.Vector(NumberDataViewType.Double))), "ConvertType"),
            ("more features, of an engine", () => Model().GetRowToRowMapper(Tables.OfFeatures<float[]>([[1, 2, 3]], Tables.Vector(NumberDataViewType.Single, 3)).Schema), "trained on that many")),
    ];

    private static IDataView Good() => Tables.OfLabels(s_keys, new KeyDataViewType(typeof(uint), 2));

    private static DeepNetworkTransformer Model() => (DeepNetworkTransformer)Tables.Trainer(EveryTask.Multiclass).Fit(Good());

    private static IDataView EmptyLike(string column) => new MLContext().Transforms.CopyColumns(column, "Features")
        .Append(new MLContext().Transforms.DropColumns("Features")).Fit(Good()).Transform(Good());

    private static void Weighted(string task, IDataView data) => Fit(task, data, o => o.ExampleWeightColumnName = "Label");

    private static void Fit(string task, IDataView data, Action<SupervisedOptions>? change = null) => Tables.Trainer(task, change).Fit(data);

    private static void FitPipeline(string task, IDataView data, Action<SupervisedOptions>? change = null) =>
        new MLContext().Transforms.CopyColumns("Copy", "Label").Append(Tables.Trainer(task, change)).Fit(data);
}
