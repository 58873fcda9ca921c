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

    private static DeepNetworkMulticlassTrainer.Options Classes(string features) => new() { FeatureColumnName = features, Network = s_network, Epochs = 2 };

    /// <summary>Disposes of what a fit gave.</summary>
    private sealed record Chain(ITransformer Fitted) : IDisposable
    {
        public void Dispose() => (Fitted as IDisposable)?.Dispose();
    }
}
