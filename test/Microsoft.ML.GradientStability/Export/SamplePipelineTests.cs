using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>The pipelines of docs/samples, on their data, with a short training: each is one file that agrees with it on all held-out rows.</summary>
[TestClass]
public sealed class SamplePipelineTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly Network s_network = Network.FeedForward(16);

    private static TransformsCatalog T => s_ml.Transforms;

    private static readonly (string Name, string File, int Features, DataKind Label, IEstimator<ITransformer> Pipeline)[] s_samples =
    [
        ("Binary", "breast_cancer.csv", 30, DataKind.String, T.Conversion.MapValue("Label", [new("malignant", true), new KeyValuePair<string, bool>("benign", false)], "Label")
            .Append(s_ml.BinaryClassification.Trainers.DeepNetwork(new DeepNetworkBinaryTrainer.Options { Network = s_network, Epochs = 2 }))),
        ("Regression", "diabetes.csv", 10, DataKind.Single, s_ml.Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options { Network = s_network, Epochs = 2 })),
        ("Multiclass", "wine.csv", 13, DataKind.String, T.Conversion.MapValueToKey("Label").Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Classes("Features")))),
        ("QuickStart", "digits.csv", 64, DataKind.String, T.Conversion.MapValueToKey("Label").Append(T.NormalizeMinMax("Features")).Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Classes("Features")))
            .Append(T.Conversion.MapKeyToValue("Digit", "PredictedLabel"))),
        ("Autoencoder", "digits.csv", 64, DataKind.String, T.Conversion.MapValueToKey("Label")
            .Append(T.DeepAutoencoder(new DeepAutoencoderEstimator.Options { Network = s_network, EmbeddingSize = 8, Epochs = 1 })).Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(Classes("Embedding")))),
        ("VeryDeep, 50 plain tanh layers", "digits.csv", 64, DataKind.String, T.Conversion.MapValueToKey("Label").Append(Deep(
            Network.FeedForward([.. Enumerable.Repeat(128, 50)]) with { Activation = Activation.Tanh, Normalization = Normalization.None }, Initializer.Orthogonal))),
        ("VeryDeep, 100 layers behind gates", "digits.csv", 64, DataKind.String, T.Conversion.MapValueToKey("Label").Append(Deep(
            Network.FeedForward([.. Enumerable.Repeat(64, 100)]) with { Normalization = Normalization.None, Residual = Residual.Gated() }, Initializer.HeUniform))),
        ("Images", "digits.csv", 64, DataKind.String, T.Conversion.MapValueToKey("Label").Append(Deep(
            Network.Convolutional(16, 32, 64) with { Layers = 4, Residual = Residual.Identity with { BranchLayers = 2 }, Input = InputShape.Image(1, 8, 8) }, Initializer.HeNormal))),
    ];

    public static IEnumerable<object[]> All() => s_samples.Select((sample, i) => new object[] { i, sample.Name });

    [TestMethod]
    [DynamicData(nameof(All))]
    public void A_sample_is_one_file(int index, string name)
    {
        var sample = s_samples[index];
        var loader = s_ml.Data.CreateTextLoader(new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            Columns = [new("Features", DataKind.Single, 0, sample.Features - 1), new("Label", sample.Label, sample.Features)],
        });
        var split = s_ml.Data.TrainTestSplit(loader.Load(Path.Combine(Repository.Root, "docs", "samples", "data", sample.File)), testFraction: 0.2, seed: 1);
        using var model = new Chain(sample.Pipeline.Fit(split.TrainSet));
        var file = Path.GetTempFileName();
        var report = s_ml.Model.SaveAsOnnx(model.Fitted, split.TestSet, file);
        File.Delete(file);
        Assert.AreEqual("Features", string.Join(' ', report.Inputs), name);
        Assert.IsTrue(report.Outputs.All(output => output.Agreement == 1 && output.GreatestDifference <= 1e-4), report.ToString());
        Assert.AreEqual(split.TestSet.GetColumn<float[]>("Features").Count(), report.Rows);
    }

    /// <summary>The vocabulary of tokens in the pipeline, as in Language and Sentiment: rows of text, each value a key.</summary>
    [TestMethod]
    public void Tokens_that_the_pipeline_makes_of_text_are_in_the_file()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 120).Select(_ => new Words { Features = [.. Enumerable.Range(0, 6).Select(_ => $"{(char)('a' + random.Next(5))}")] }).ToArray();
        foreach (var row in rows)
            row.Label = row.Features[^1];
        var data = s_ml.Data.LoadFromEnumerable(rows);
        var pipeline = T.Conversion.MapValueToKey("Features").Append(T.Conversion.MapValueToKey("Label")).Append(s_ml.MulticlassClassification.Trainers.DeepNetwork(
            new() { Network = Network.Recurrent(RecurrentCell.Gru, hidden: 8) with { EmbeddingWidth = 4 }, Epochs = 2 })).Append(T.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = pipeline.Fit(data);
        // A word that was never met is none.
        rows[3].Features[2] = "z";
        var file = Path.GetTempFileName();
        var report = s_ml.Model.SaveAsOnnx(model, s_ml.Data.LoadFromEnumerable(rows), file);
        File.Delete(file);
        Assert.AreEqual("Features", string.Join(' ', report.Inputs));
        Assert.IsTrue(report.Outputs.All(output => output.Agreement == 1 && output.GreatestDifference <= 1e-4), report.ToString());
    }

    private sealed class Words
    {
        [VectorType(6)]
        public string[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private static DeepNetworkMulticlassTrainer Deep(Network network, Initializer initializer) =>
        s_ml.MulticlassClassification.Trainers.DeepNetwork(new() { Network = network, Initializer = initializer, LabelSmoothing = 0.1, Epochs = 1 });

    private static DeepNetworkMulticlassTrainer.Options Classes(string features) => new() { FeatureColumnName = features, Network = s_network, Epochs = 2 };

    /// <summary>Disposes of what a fit gave.</summary>
    private sealed record Chain(ITransformer Fitted) : IDisposable
    {
        public void Dispose() => (Fitted as IDisposable)?.Dispose();
    }
}
