using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.GradientStability.Tests.Advice;

/// <summary>What an error says to append is appended, and then the pipeline works.</summary>
[TestClass]
public sealed class SchemaAdviceTests
{
    private static readonly MLContext mlContext = new(seed: 1);

    private sealed class Sized
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        [KeyType(2)]
        public uint Label { get; set; }
    }

    public static IEnumerable<object[]> Features() =>
    [
        Of("a number", Tables.OfFeatures([1f, 2f]),
            """mlContext.Transforms.Concatenate("Features", "Features")""",
            () => mlContext.Transforms.Concatenate("Features", "Features")),
        Of("an Int32", Tables.OfFeatures([1, 2]),
            """mlContext.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Single).Append(mlContext.Transforms.Concatenate("Features", "Features"))""",
            () => mlContext.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Single).Append(mlContext.Transforms.Concatenate("Features", "Features"))),
        Of("a Boolean", Tables.OfFeatures([true, false]),
            """mlContext.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Single).Append(mlContext.Transforms.Concatenate("Features", "Features"))""",
            () => mlContext.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Single).Append(mlContext.Transforms.Concatenate("Features", "Features"))),
        .. Converted("Double", Tables.OfFeatures<double[]>([[1, 2], [3, 4]], Tables.Vector(NumberDataViewType.Double))),
        .. Converted("Int32", Tables.OfFeatures<int[]>([[1, 2], [3, 4]], Tables.Vector(NumberDataViewType.Int32))),
        .. Converted("Int64", Tables.OfFeatures<long[]>([[1, 2], [3, 4]], Tables.Vector(NumberDataViewType.Int64))),
        .. Converted("Byte", Tables.OfFeatures<byte[]>([[1, 2], [3, 4]], Tables.Vector(NumberDataViewType.Byte))),
        .. Converted("UInt16", Tables.OfFeatures<ushort[]>([[1, 2], [3, 4]], Tables.Vector(NumberDataViewType.UInt16))),
        .. Converted("Boolean", Tables.OfFeatures<bool[]>([[true, false], [false, false]], Tables.Vector(BooleanDataViewType.Instance))),
        .. Converted("numbers in text", Tables.OfFeatures<string[]>([["1", "2.5"], ["3", "4"]], Tables.Vector(TextDataViewType.Instance))),
        Of("a category", Tables.OfFeatures(["red", "green"]),
            """mlContext.Transforms.Categorical.OneHotEncoding("Features")""", () => mlContext.Transforms.Categorical.OneHotEncoding("Features")),
        Of("a text", Tables.OfFeatures(["red", "green"]),
            """mlContext.Transforms.Text.FeaturizeText("Features")""", () => mlContext.Transforms.Text.FeaturizeText("Features")),
        Of("two categories", Tables.OfFeatures<string[]>([["red", "yes"], ["green", "no"]], Tables.Vector(TextDataViewType.Instance)),
            """mlContext.Transforms.Categorical.OneHotEncoding("Features")""", () => mlContext.Transforms.Categorical.OneHotEncoding("Features")),
        Of("words", Tables.OfFeatures<string[]>([["red"], ["green", "blue"]]),
            """mlContext.Transforms.Categorical.OneHotEncoding("Features", outputKind: OneHotEncodingEstimator.OutputKind.Bag)""",
            () => mlContext.Transforms.Categorical.OneHotEncoding("Features", outputKind: OneHotEncodingEstimator.OutputKind.Bag)),
        Of("a key", Tables.OfFeatures<uint>([0, 2], new KeyDataViewType(typeof(uint), 3)),
            """mlContext.Transforms.Conversion.MapKeyToVector("Features")""", () => mlContext.Transforms.Conversion.MapKeyToVector("Features")),
        Of("keys", Tables.OfFeatures<uint[]>([[0, 2], [1, 0]], Tables.Vector(new KeyDataViewType(typeof(uint), 3))),
            """mlContext.Transforms.Conversion.MapKeyToVector("Features")""", () => mlContext.Transforms.Conversion.MapKeyToVector("Features")),
        Of("keys of unknown number", Tables.OfFeatures<uint[]>([[0, 2], [1]], new VectorDataViewType(new KeyDataViewType(typeof(uint), 3))),
            """mlContext.Transforms.Conversion.MapKeyToVector("Features", outputCountVector: true)""",
            () => mlContext.Transforms.Conversion.MapKeyToVector("Features", outputCountVector: true)),
        Of("a NaN", Tables.OfFeatures<float[]>([[1, float.NaN], [3, 4]], Tables.Vector(NumberDataViewType.Single)),
            """mlContext.Transforms.ReplaceMissingValues("Features")""", () => mlContext.Transforms.ReplaceMissingValues("Features")),
        Of("infinity", Tables.OfFeatures<float[]>([[1, float.PositiveInfinity], [3, float.NaN]], Tables.Vector(NumberDataViewType.Single)),
            """mlContext.Transforms.Expression("Features", "x => isna(x - x) ? 0 : x", "Features")""",
            () => mlContext.Transforms.Expression("Features", "x => isna(x - x) ? 0 : x", "Features")),
        Of("minus infinity", Tables.OfFeatures<float[]>([[float.NegativeInfinity, 2], [3, 4]], Tables.Vector(NumberDataViewType.Single)),
            """mlContext.Transforms.Expression("Features", "x => isna(x - x) ? 0 : x", "Features")""",
            () => mlContext.Transforms.Expression("Features", "x => isna(x - x) ? 0 : x", "Features")),
    ];

    private static IEnumerable<object[]> Converted(string what, IDataView data) =>
    [
        Of(what, data, """mlContext.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Single)""",
            () => mlContext.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Single)),
    ];

    private static object[] Of(string what, IDataView data, string code, Func<IEstimator<ITransformer>> follow) => [what, EveryTask.Multiclass, data, code, follow];

    public static IEnumerable<object[]> Labels() =>
    [
        .. Positive("−1 and 1", Tables.OfLabels([-1f, 1f])),
        .. Positive("Double", Tables.OfLabels([0.0, 1.0])),
        .. Positive("Int32", Tables.OfLabels([-1, 1])),
        .. Positive("Int64", Tables.OfLabels([0L, 1L])),
        ["Byte", EveryTask.Binary, Tables.OfLabels(new byte[] { 0, 1 }),
            """mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single).Append(mlContext.Transforms.Expression("Label", "x => x > 0", "Label"))""",
            Follow(() => mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single).Append(mlContext.Transforms.Expression("Label", "x => x > 0", "Label")))],
        ["SByte", EveryTask.Binary, Tables.OfLabels(new sbyte[] { -1, 1 }),
            """mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single).Append(mlContext.Transforms.Expression("Label", "x => x > 0", "Label"))""",
            Follow(() => mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single).Append(mlContext.Transforms.Expression("Label", "x => x > 0", "Label")))],
        ["two texts", EveryTask.Binary, Tables.OfLabels(["yes", "no"]),
            """mlContext.Transforms.Conversion.MapValue("Label", new Dictionary<string, bool> { ["yes"] = true, ["no"] = false })""",
            Follow(() => mlContext.Transforms.Conversion.MapValue("Label", new Dictionary<string, bool> { ["yes"] = true, ["no"] = false }))],
        .. Keyed("text", Tables.OfLabels(["red", "green", "blue"])),
        .. Keyed("Single", Tables.OfLabels([1f, 2f])),
        .. Keyed("Boolean", Tables.OfLabels([true, false])),
        .. Keyed("Int32", Tables.OfLabels([7, 9])),
        .. Keyed("a date", Tables.OfLabels([new DateTime(2020, 1, 1), new DateTime(2021, 1, 1)])),
        .. Numbered("Double", Tables.OfLabels([1.0, 2.5])),
        .. Numbered("Int32", Tables.OfLabels([1, 2])),
        .. Numbered("UInt64", Tables.OfLabels([1ul, 2ul])),
        .. Numbered("Boolean", Tables.OfLabels([true, false])),
        .. Numbered("a number in text", Tables.OfLabels(["1.5", "2"])),
        ["a key of numbers", EveryTask.Regression, mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(Tables.OfLabels([1f, 2f])).Transform(Tables.OfLabels([1f, 2f])),
            """mlContext.Transforms.Conversion.MapKeyToValue("Label").Append(mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single))""",
            Follow(() => mlContext.Transforms.Conversion.MapKeyToValue("Label").Append(mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single)))],
    ];

    private static IEnumerable<object[]> Positive(string what, IDataView data) =>
    [
        [what, EveryTask.Binary, data, """mlContext.Transforms.Expression("Label", "x => x > 0", "Label")""",
            Follow(() => mlContext.Transforms.Expression("Label", "x => x > 0", "Label"))],
    ];

    private static IEnumerable<object[]> Keyed(string what, IDataView data) =>
    [
        [what, EveryTask.Multiclass, data, """mlContext.Transforms.Conversion.MapValueToKey("Label")""",
            Follow(() => mlContext.Transforms.Conversion.MapValueToKey("Label"))],
    ];

    private static IEnumerable<object[]> Numbered(string what, IDataView data) =>
    [
        [what, EveryTask.Regression, data, """mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single)""",
            Follow(() => mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single))],
    ];

    private static Func<IEstimator<ITransformer>> Follow(Func<IEstimator<ITransformer>> follow) => follow;

    [TestMethod]
    [DynamicData(nameof(Features))]
    [DynamicData(nameof(Labels))]
    public void What_is_advised_works(string what, string task, IDataView data, string code, Func<IEstimator<ITransformer>> follow)
    {
        var trainer = Tables.Trainer(task);
        var alone = Assert.Throws<Exception>(() => trainer.Fit(data), what);
        Assert.Contains(code, alone.Message);
        // Ahead of any data a pipeline says the same.
        var inPipeline = Assert.Throws<Exception>(() => mlContext.Transforms.CopyColumns("Copy", "Label").Append(trainer).Fit(data), what);
        Assert.AreEqual(alone.Message, inPipeline.Message);

        var scored = follow().Append(trainer).Fit(data).Transform(data);
        Assert.IsTrue(scored.Preview(maxRows: 12).RowView.All(row => row.Values.Any(value => value.Key == "Score")));
    }

    /// <summary>Two labels stay two, and the greater is the positive one.</summary>
    [TestMethod]
    public void Labels_of_minus_one_and_one_become_false_and_true()
    {
        var data = Tables.OfLabels([-1f, 1f]);
        var labels = mlContext.Transforms.Expression("Label", "x => x > 0", "Label").Fit(data).Transform(data).GetColumn<bool>("Label").Take(2);
        CollectionAssert.AreEqual(new[] { false, true }, labels.ToArray());
    }

    [TestMethod]
    public void Values_that_are_finite_stay_as_they_are_beside_infinity()
    {
        var data = Tables.OfFeatures<float[]>([[1.5f, float.PositiveInfinity], [float.MaxValue, -1e-30f]], Tables.Vector(NumberDataViewType.Single));
        var rows = mlContext.Transforms.Expression("Features", "x => isna(x - x) ? 0 : x", "Features").Fit(data).Transform(data).GetColumn<float[]>("Features").Take(2).ToArray();
        CollectionAssert.AreEqual(new[] { 1.5f, 0 }, rows[0]);
        CollectionAssert.AreEqual(new[] { float.MaxValue, -1e-30f }, rows[1]);
    }

    [TestMethod]
    public void Features_without_a_size_get_one_by_the_attribute()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Tables.Trainer(EveryTask.Multiclass).Fit(Tables.OfFeatures<float[]>([[1, 2], [3, 4]])));
        Assert.Contains("[VectorType(n)] on the property of the row class", error.Message);
        var sized = mlContext.Data.LoadFromEnumerable([new Sized(), new Sized { Features = [3, 4], Label = 1 }]);
        Tables.Trainer(EveryTask.Multiclass).Fit(sized);

        error = Assert.Throws<ArgumentOutOfRangeException>(() => Tables.Trainer(EveryTask.Multiclass).Fit(Tables.OfFeatures<double[]>([[1, 2], [3, 4]])));
        Assert.Contains("[VectorType(n)] on the property of the row class", error.Message);
        Assert.Contains("""Then append mlContext.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Single)""", error.Message);
    }

    [TestMethod]
    public void Rows_with_missing_values_are_left_out_by_the_filter()
    {
        var data = Tables.Of<float[], uint>([[1, 2], [3, 4], [5, float.NaN]], [0, 1], Tables.Vector(NumberDataViewType.Single), new KeyDataViewType(typeof(uint), 2));
        var error = Assert.Throws<InvalidOperationException>(() => Tables.Trainer(EveryTask.Multiclass).Fit(data));
        Assert.Contains("""mlContext.Data.FilterRowsByMissingValues(data, "Features")""", error.Message);
        Tables.Trainer(EveryTask.Multiclass).Fit(mlContext.Data.FilterRowsByMissingValues(data, "Features"));
    }

    [TestMethod]
    [DataRow(EveryTask.Binary)]
    [DataRow(EveryTask.Regression)]
    public void A_key_is_for_the_trainer_of_classes(string task)
    {
        var data = Tables.OfLabels<uint>([0, 1], new KeyDataViewType(typeof(uint), 2));
        Assert.Contains("mlContext.MulticlassClassification.Trainers.DeepNetwork", Assert.Throws<ArgumentOutOfRangeException>(() => Tables.Trainer(task).Fit(data)).Message);
        mlContext.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Epochs = 1 }).Fit(data).Dispose();
    }

    /// <summary>What is missing is most often written with another capital letter.</summary>
    [TestMethod]
    [DataRow("feature", "FeatureColumnName = \"Features\"")]
    [DataRow("label", "LabelColumnName = \"Label\"")]
    public void A_column_of_another_case_is_named(string role, string code)
    {
        var data = Tables.OfLabels([1f, 2f]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Tables.Trainer(EveryTask.Regression, options =>
        {
            if (role == "feature")
                options.FeatureColumnName = "features";
            else
                options.LabelColumnName = "label";
        }).Fit(data));
        Assert.Contains($"Could not find {role} column", error.Message);
        Assert.Contains($"Set {code}.", error.Message);
    }

    [TestMethod]
    public void A_feature_column_that_is_missing_can_be_concatenated()
    {
        var data = mlContext.Data.LoadFromEnumerable(EveryTask.Rows(20));
        var trainer = mlContext.Regression.Trainers.DeepNetwork(EveryTask.Options<DeepNetworkRegressionTrainer.Options>("Number", o => (o.FeatureColumnName, o.Epochs) = ("All", 1)));
        Assert.Contains("""append mlContext.Transforms.Concatenate("All", …) with the names of your features""", Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message);
        mlContext.Transforms.Concatenate("All", "Features", "Weight").Append(trainer).Fit(data).Dispose();
    }

    [TestMethod]
    public void A_name_with_quotes_is_written_as_C_sharp_writes_it() =>
        Assert.AreEqual("\"a \\\"b\\\" \\\\ c\"", SchemaAdvice.Literal("a \"b\" \\ c"));
}
