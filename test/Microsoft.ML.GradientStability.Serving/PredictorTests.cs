namespace Microsoft.ML.GradientStability.Serving.Tests;

[TestClass]
public sealed class PredictorTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public async Task A_row_is_scored_as_computed_apart()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        float[] features = [0.5f, 2, -1, 9];
        var prediction = await predictor.PredictAsync(features);
        Near(TestModels.Softmax(features), prediction);
        Assert.AreEqual("green", prediction.Label);
        Assert.AreEqual(1, prediction.Values<long>("PredictedLabel")[0]);
        Assert.IsNull(prediction.Missing);
    }

    [TestMethod]
    public async Task The_schema_is_that_of_the_file()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        Assert.AreEqual("Features: Single[4] → Score: Single[3], PredictedLabel: Int64", predictor.Schema.ToString());
        Assert.AreEqual("multiclass classification", predictor.Schema.Task);
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, predictor.Schema.Classes.ToArray());
    }

    [TestMethod]
    public async Task Every_type_of_column_goes_in_and_comes_out_unchanged()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Mixed()));
        var rows = predictor.Rent(2);
        for (var row = 0; row < 2; row++)
        {
            rows.Texts(row, "City")[0] = row == 0 ? "Zürich\0\U0001F600" : null;
            rows.Values<float>(row, "Single")[0] = 0.5f + row;
            rows.Values<double>(row, "Double")[0] = 1e-300;
            rows.Values<int>(row, "Int32")[0] = int.MinValue;
            rows.Values<long>(row, "Int64")[0] = long.MaxValue;
            rows.Values<uint>(row, "Key")[0] = uint.MaxValue;
            rows.Values<bool>(row, "Boolean")[0] = row == 0;
        }
        var predictions = await predictor.PredictAsync(rows);
        Assert.AreEqual(2, predictions.Count);
        for (var row = 0; row < 2; row++)
        {
            Assert.AreEqual(row == 0 ? "Zürich\0\U0001F600" : "", predictions[row].Label);
            Assert.AreEqual(0.5f + row, predictions[row].Values<float>("EchoSingle")[0]);
            Assert.AreEqual(1e-300, predictions[row].Values<double>("EchoDouble")[0]);
            Assert.AreEqual(int.MinValue, predictions[row].Values<int>("EchoInt32")[0]);
            Assert.AreEqual(long.MaxValue, predictions[row].Values<long>("EchoInt64")[0]);
            Assert.AreEqual(uint.MaxValue, predictions[row].Values<uint>("EchoKey")[0]);
            Assert.AreEqual(row == 0, predictions[row].Values<bool>("EchoBoolean")[0]);
        }
    }

    [TestMethod]
    [DataRow(float.NaN, "Features[2] is NaN")]
    [DataRow(float.PositiveInfinity, "Features[2] is Infinity")]
    [DataRow(float.NegativeInfinity, "Features[2] is -Infinity")]
    public async Task A_row_with_NaN_or_infinity_scores_NaN_and_no_label_and_the_row_beside_it_as_ever(float bad, string why)
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        var rows = predictor.Rent(2);
        ((float[])[5, 0, bad, 0]).CopyTo(rows.Values<float>(0, "Features"));
        ((float[])[0, 0, 3, 0]).CopyTo(rows.Values<float>(1, "Features"));
        var predictions = await predictor.PredictAsync(rows);
        Assert.AreEqual(why, predictions[0].Missing);
        Assert.IsNull(predictions[0].Label);
        Assert.AreEqual(-1, predictions[0].Values<long>("PredictedLabel")[0]);
        foreach (var score in predictions[0].Score)
            Assert.IsTrue(float.IsNaN(score));
        Assert.AreEqual("blue", predictions[1].Label);
    }

    [TestMethod]
    public async Task A_score_that_the_model_itself_makes_NaN_has_no_label_either()
    {
        // The softmax of infinity − infinity: 3e38 times the factor is beyond Single.
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier(factor: 10)));
        var prediction = await predictor.PredictAsync([3e38f, 3e38f, 0, 0]);
        Assert.AreEqual("the model gives NaN as Score", prediction.Missing);
        Assert.IsNull(prediction.Label);
    }

    [TestMethod]
    public async Task An_input_that_accepts_missing_values_passes_NaN_on_to_the_model_but_not_infinity()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Mixed().Metadata("acceptsMissing", """["Double"]""")));
        async Task<Prediction> Predict(float single, double number)
        {
            var rows = predictor.Rent();
            rows.Values<float>(0, "Single")[0] = single;
            rows.Values<double>(0, "Double")[0] = number;
            return (await predictor.PredictAsync(rows))[0];
        }
        Assert.AreEqual("the model gives NaN as Score", (await Predict(1, double.NaN)).Missing);
        Assert.AreEqual("Double is Infinity", (await Predict(1, double.PositiveInfinity)).Missing);
        Assert.AreEqual("Single is NaN", (await Predict(float.NaN, 1)).Missing);
    }

    [TestMethod]
    public async Task Nothing_is_taken_after_the_end_and_what_was_taken_is_finished()
    {
        var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        var held = predictor.Rent();
        var waiting = Enumerable.Range(0, 200).Select(i => predictor.PredictAsync([i, 0, 0, 0]).AsTask()).ToArray();
        var end = predictor.DisposeAsync().AsTask();
        Assert.IsFalse(end.IsCompleted, "rows are still held");
        Assert.ThrowsExactly<ObjectDisposedException>(() => predictor.Rent());
        Assert.ThrowsExactly<ObjectDisposedException>(predictor.Reload);
        Assert.AreEqual("red", (await predictor.PredictAsync(held))[0].Label);
        await Task.WhenAll(waiting);
        await end;
        await predictor.DisposeAsync();
    }

    [TestMethod]
    public void The_assembly_refers_to_ONNX_Runtime_and_the_runtime_alone()
    {
        var others = typeof(OnnxPredictor).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(name => !name.StartsWith("System.", StringComparison.Ordinal));
        CollectionAssert.AreEqual(new[] { "Microsoft.ML.OnnxRuntime" }, others.ToArray());
    }

    internal static void Near(float[] expected, Prediction prediction)
    {
        var got = prediction.Score;
        Assert.AreEqual(expected.Length, got.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], got[i], 1e-6f);
    }
}
