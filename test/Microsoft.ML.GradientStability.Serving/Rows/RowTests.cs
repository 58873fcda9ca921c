namespace Microsoft.ML.GradientStability.Serving.Tests.Rows;

[TestClass]
public sealed class RowTests
{
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    private sealed record Flower(float[] Features, string Name = "");

    private struct Visitor
    {
        public string City;
        public float Single;
        public double Double { get; init; }
        public int Int32;
        public long[] Int64;
        public uint Key;
        public bool Boolean;
    }

    private sealed record Wrong(double[] Features);

    private sealed record Without(float[] Values);

    [TestMethod]
    public async Task Rows_of_a_type_are_read_by_the_names_of_the_inputs()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        Assert.AreEqual("blue", (await predictor.PredictRowAsync(new Flower([0, 0, 7, 0]))).Label);
        var predictions = await predictor.PredictRowsAsync<Flower>([new([9, 0, 0, 0]), new([0, 9, 0, 0])]);
        Assert.AreEqual("red green", $"{predictions[0].Label} {predictions[1].Label}");
    }

    [TestMethod]
    public async Task A_type_may_have_fields_properties_and_arrays_of_one()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Mixed()));
        var prediction = await predictor.PredictRowAsync(new Visitor { City = "Bern", Single = 1, Double = 2, Int32 = 3, Int64 = [4], Key = 5, Boolean = true });
        Assert.AreEqual("Bern", prediction.Label);
        Assert.AreEqual(16, prediction.Score[0]);
    }

    [TestMethod]
    public async Task A_type_that_does_not_fit_is_told_what_the_model_takes()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Classifier()));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => predictor.PredictRowAsync(new Without([1]))).Message, "Without has no public property or field 'Features', which the model takes as Features: Single[4]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => predictor.PredictRowAsync(new Wrong([1]))).Message, "Wrong.Features is Double[], and the model takes Features: Single[4]: make it Single[]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => predictor.PredictRowAsync(new Flower([1, 2]))).Message, "Flower.Features holds 2 values, and the model takes Features: Single[4]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => predictor.PredictAsync([1, 2])).Message, "2 features were given, and the model takes Features: Single[4]");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => predictor.PredictRowsAsync<Flower>([]));
    }

    [TestMethod]
    public async Task Rows_tell_what_they_have_when_asked_for_something_else()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Mixed()));
        using var rows = predictor.Rent();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => { rows.Values<float>(0, "Age"); }).Message, "The model has no input 'Age'; it has City: Text, Single: Single,");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => { rows.Values<float>(0, "Int32"); }).Message, "The input Int32: Int32 holds Int32, not Single.");
        Assert.ThrowsExactly<ArgumentException>(() => { rows.Texts(0, "Single"); });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => { rows.Values<float>(1, "Single"); });
        var prediction = (await predictor.PredictAsync(predictor.Rent()))[0];
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => { prediction.Values<int>("Score"); }).Message, "The output Score: Single holds Single, not Int32.");
        Assert.ThrowsExactly<ArgumentException>(() => { prediction.Texts("Cities"); });
        Assert.AreEqual("", prediction.Texts("PredictedLabel")[0]);
    }

    [TestMethod]
    public async Task Rows_are_scored_once_and_start_as_zeros_each_time_they_are_rented()
    {
        await using var predictor = new OnnxPredictor(_folder.Write(TestModels.Mixed()));
        var rows = predictor.Rent();
        rows.Texts(0, "City")[0] = "Bern";
        rows.Values<float>(0, "Single")[0] = 3;
        var prediction = predictor.PredictAsync(rows);
        Assert.ThrowsExactly<InvalidOperationException>(() => { rows.Values<float>(0, "Single"); });
        Assert.ThrowsExactly<InvalidOperationException>(() => predictor.PredictAsync(rows));
        await prediction;
        for (var i = 0; i < 2; i++)
        {
            rows = predictor.Rent();
            Assert.AreEqual(0, rows.Values<float>(0, "Single")[0]);
            Assert.IsNull(rows.Texts(0, "City")[0]);
            rows.Values<float>(0, "Single")[0] = 4;
            rows.Texts(0, "City")[0] = "Basel";
            rows.Dispose();
            rows.Dispose();
        }
    }
}
