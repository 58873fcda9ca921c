using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Transformers;

/// <summary>A saved pipeline is loaded by a context that knows nothing of the trainer, and says the same.</summary>
[TestClass]
public sealed class SavingTests
{
    private sealed class Row<T>
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public T Label { get; set; } = default!;
    }

    private sealed class Answer<T>
    {
        public T Answered { get; set; } = default!;

        public float[] Score { get; set; } = [];
    }

    [TestMethod]
    public void Text_labels() => RoundTrip(name => name);

    [TestMethod]
    public void Single_labels() => RoundTrip(name => name.Length / 2f);

    [TestMethod]
    public void UInt32_labels() => RoundTrip(name => (uint)name.Length);

    [TestMethod]
    public void Int64_labels() => RoundTrip(name => -(long)name.Length);

    private static void RoundTrip<T>(Func<string, T> label)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Samples.Clusters().Select(c => new Row<T> { Features = c.Features, Label = label(c.Label) }));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Answered", "PredictedLabel"));
        using var model = pipeline.Fit(data);
        var loaded = SaveAndLoad(ml, model, data.Schema, out var schema);
        CollectionAssert.AreEqual(data.Schema.Select(c => c.Name).ToArray(), schema.Select(c => c.Name).ToArray());

        var fresh = new MLContext();
        var expected = ml.Data.CreateEnumerable<Answer<T>>(model.Transform(data), reuseRowObject: false).ToArray();
        var actual = fresh.Data.CreateEnumerable<Answer<T>>(loaded.Transform(data), reuseRowObject: false).ToArray();
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i].Answered, actual[i].Answered);
            for (var c = 0; c < 3; c++)
                Assert.AreEqual(expected[i].Score[c], actual[i].Score[c], 1e-6);
        }
        Assert.IsGreaterThan(0.9, fresh.MulticlassClassification.Evaluate(loaded.Transform(data)).MicroAccuracy);
        var shown = loaded.GetOutputSchema(data.Schema).Where(c => !c.IsHidden).Select(c => c.Name).Order().ToArray();
        CollectionAssert.AreEqual(new[] { "Answered", "Features", "Label", "PredictedLabel", "Score" }, shown);
    }

    private sealed class KeyRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class KeyAnswer
    {
        public uint PredictedLabel { get; set; }
    }

    [TestMethod]
    public void Keys_without_values()
    {
        var ml = new MLContext(seed: 1);
        string[] names = ["red", "green", "blue"];
        var data = ml.Data.LoadFromEnumerable(Samples.Clusters().Select(c => new KeyRow { Features = c.Features, Label = (uint)Array.IndexOf(names, c.Label) }));
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(data);
        var loaded = SaveAndLoad(ml, model, data.Schema, out _);
        CollectionAssert.AreEqual(
            ml.Data.CreateEnumerable<KeyAnswer>(model.Transform(data), false).Select(a => a.PredictedLabel).ToArray(),
            ml.Data.CreateEnumerable<KeyAnswer>(loaded.Transform(data), false).Select(a => a.PredictedLabel).ToArray());
    }

    [TestMethod]
    public void Columns_of_other_names()
    {
        var ml = new MLContext(seed: 1);
        var options = Samples.Small();
        (options.FeatureColumnName, options.LabelColumnName) = ("Position", "Colour");
        var data = ml.Data.LoadFromEnumerable(Samples.Clusters());
        using var model = ml.Transforms.CopyColumns("Position", "Features")
            .Append(ml.Transforms.Conversion.MapValueToKey("Colour", "Label"))
            .Append(ml.MulticlassClassification.Trainers.DeepNetwork(options)).Fit(data);
        var loaded = SaveAndLoad(ml, model, data.Schema, out _);
        CollectionAssert.AreEqual(
            ml.Data.CreateEnumerable<KeyAnswer>(model.Transform(data), false).Select(a => a.PredictedLabel).ToArray(),
            ml.Data.CreateEnumerable<KeyAnswer>(loaded.Transform(data), false).Select(a => a.PredictedLabel).ToArray());
    }

    [TestMethod]
    public void A_loaded_model_serves_a_prediction_engine()
    {
        var ml = new MLContext(seed: 1);
        var rows = Samples.Clusters();
        var data = ml.Data.LoadFromEnumerable(rows);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Answered", "PredictedLabel")).Fit(data);
        var loaded = SaveAndLoad(ml, model, data.Schema, out _);
        using var engine = new MLContext().Model.CreatePredictionEngine<Samples.Row, Answer<string>>(loaded);
        Assert.IsGreaterThan(140, rows.Count(r => engine.Predict(r).Answered == r.Label));
    }

    [TestMethod]
    public void The_file_holds_the_ONNX_bytes_of_the_network()
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(data);
        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        var entry = zip.Entries.Single(e => e.FullName.EndsWith("OnnxModel", StringComparison.Ordinal));
        using var content = new MemoryStream();
        using (var opened = entry.Open())
            opened.CopyTo(content);
        Assert.IsGreaterThanOrEqualTo(0, content.ToArray().AsSpan().IndexOf(model.Onnx));
    }

    [TestMethod]
    public void A_corrupt_file_is_refused()
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(Samples.Small()).Fit(data);
        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        var half = file.ToArray()[..(int)(file.Length / 2)];
        var error = Assert.Throws<Exception>(() => new MLContext().Model.Load(new MemoryStream(half), out _));
        Assert.IsTrue(error is InvalidDataException or FormatException, error.GetType().Name);
    }

    private static ITransformer SaveAndLoad(MLContext ml, ITransformer model, DataViewSchema schema, out DataViewSchema loadedSchema)
    {
        using var file = new MemoryStream();
        ml.Model.Save(model, schema, file);
        return EveryTask.Load(file.ToArray(), out loadedSchema);
    }
}
