using System.Net.Http.Json;
using InferenceService;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;

namespace Microsoft.ML.GradientStability.Serving.Tests;

/// <summary>Files as the exporter writes them, against the pipelines that they come from.</summary>
[TestClass]
[DoNotParallelize]
public sealed class TrainedModelTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ModelFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    private sealed record Flower
    {
        [VectorType(2)]
        public float[] Features { get; init; } = [];

        public string Label { get; init; } = "";

        public bool IsRed { get; init; }

        public float Size { get; init; }
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }

    private sealed class Number
    {
        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private static Flower[] Flowers()
    {
        string[] names = ["red", "green", "blue"];
        var random = new Random(1);
        return [.. Enumerable.Range(0, 150).Select(i =>
        {
            float[] features = [3 * (i % 3 - 1) + random.NextSingle(), (i % 2) + random.NextSingle()];
            return new Flower { Features = features, Label = names[i % 3], IsRed = i % 3 == 0, Size = features[0] };
        })];
    }

    [TestMethod]
    public async Task A_classifier_gives_what_its_pipeline_gives_for_every_row()
    {
        var flowers = Flowers();
        var data = _ml.Data.LoadFromEnumerable(flowers);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = Network.FeedForward(8), Epochs = 20 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        model.SaveAsOnnx(_folder["model.onnx"], parityOn: data);
        var expected = _ml.Data.CreateEnumerable<Scored>(model.Transform(data), reuseRowObject: false, ignoreMissingColumns: true).ToArray();

        await using var predictor = new OnnxPredictor(_folder["model.onnx"]);
        Assert.AreEqual("multiclass classification", predictor.Schema.Task);
        var predictions = await predictor.PredictRowsAsync<Flower>(flowers);
        for (var row = 0; row < flowers.Length; row++)
        {
            Assert.AreEqual(expected[row].PredictedLabel, predictions[row].Label);
            PredictorTests.Near(expected[row].Score, predictions[row]);
        }
        Assert.IsNull((await predictor.PredictAsync([float.NaN, 0])).Label);
    }

    [TestMethod]
    public async Task Yes_or_no_and_a_number_are_given_as_their_pipelines_give_them()
    {
        var flowers = Flowers();
        var data = _ml.Data.LoadFromEnumerable(flowers);
        using var binary = _ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options { LabelColumnName = "IsRed", Network = Network.FeedForward(8), Epochs = 5 }).Fit(data);
        using var regression = _ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { LabelColumnName = "Size", Network = Network.FeedForward(8), Epochs = 5 }).Fit(data);
        foreach (var (model, name) in ((DeepNetworkTransformer, string)[])[(binary, "binary.onnx"), (regression, "regression.onnx")])
        {
            model.SaveAsOnnx(_folder[name], parityOn: data);
            var expected = _ml.Data.CreateEnumerable<Number>(model.Transform(data), reuseRowObject: false, ignoreMissingColumns: true).ToArray();
            await using var predictor = new OnnxPredictor(_folder[name]);
            var predictions = await predictor.PredictRowsAsync<Flower>(flowers);
            for (var row = 0; row < flowers.Length; row++)
            {
                Assert.AreEqual(expected[row].Score, predictions[row].Score[0], 1e-5f);
                Assert.IsNull(predictions[row].Label);
                if (model == binary)
                    Assert.AreEqual(expected[row].Probability, predictions[row].Values<float>("Probability")[0], 1e-6f);
            }
        }
    }

    private sealed record Order
    {
        public string City { get; init; } = "";

        public float Age { get; init; }

        public string Comment { get; init; } = "";

        public string Kind { get; init; } = "";
    }

    private static Order[] Orders()
    {
        string[] cities = ["Rome", "Paris", "Oslo"], comments = ["quick delivery", "came late", "late and broken"];
        return [.. Enumerable.Range(0, 120).Select(i => new Order
        {
            City = cities[i % 3], Age = i % 7 == 0 ? float.NaN : i % 50, Comment = comments[i / 3 % 3], Kind = i % 3 == 0 ? "south" : i % 50 > 25 ? "old" : "new",
        })];
    }

    /// <summary>Raw columns, text and gaps included, as they come over the wire; with free text the file takes one row a run.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_whole_pipeline_is_served_from_its_raw_columns(bool withFreeText)
    {
        var orders = Orders();
        var data = _ml.Data.LoadFromEnumerable(orders);
        var plain = new TextFeaturizingEstimator.Options { CaseMode = TextNormalizingEstimator.CaseMode.None, KeepDiacritics = true, KeepNumbers = true, KeepPunctuations = true };
        IEstimator<ITransformer> featurize = _ml.Transforms.Categorical.OneHotEncoding("CityFlags", "City").Append(_ml.Transforms.ReplaceMissingValues("Age"));
        if (withFreeText)
            featurize = featurize.Append(_ml.Transforms.Text.FeaturizeText("Words", plain, "Comment"));
        string[] features = withFreeText ? ["CityFlags", "Age", "Words"] : ["CityFlags", "Age"];
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(featurize).Append(_ml.Transforms.Concatenate("Features", features))
            .Append(_ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = Network.FeedForward(8), Epochs = 5 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        var report = _ml.Model.SaveAsOnnx(model, data, _folder["model.onnx"]);
        Assert.AreEqual(withFreeText ? 1 : null, report.BatchSize);
        var expected = _ml.Data.CreateEnumerable<Scored>(model.Transform(data), reuseRowObject: false, ignoreMissingColumns: true).ToArray();

        await using var predictor = new OnnxPredictor(_folder["model.onnx"]);
        CollectionAssert.AreEqual(new[] { "Age" }, predictor.Schema.AcceptsMissing.ToArray());
        var predictions = await predictor.PredictRowsAsync<Order>(orders);
        for (var row = 0; row < orders.Length; row++)
        {
            Assert.IsNull(predictions[row].Missing);
            Assert.AreEqual(expected[row].PredictedLabel, predictions[row].Label);
            PredictorTests.Near(expected[row].Score, predictions[row]);
        }
        await IsServed(orders[1], expected[1].PredictedLabel, withFreeText);
    }

    private async Task IsServed(Order order, string label, bool withFreeText)
    {
        await using var app = Service.Build(["--model", _folder["model.onnx"], "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var row = new Dictionary<string, object> { ["City"] = order.City, ["Age"] = order.Age };
        if (withFreeText)
            row["Comment"] = order.Comment;
        using var answer = await client.PostAsJsonAsync("/predict", row);
        StringAssert.Contains(await answer.Content.ReadAsStringAsync(), $"\"PredictedLabel\":\"{label}\"");
    }
}
