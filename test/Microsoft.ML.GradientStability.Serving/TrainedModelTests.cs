using Microsoft.ML.Data;

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
}
