using System.Text.Json;

namespace Microsoft.ML.GradientStability.Tests.Options;

[TestClass]
public sealed class OptionsJsonTests
{
    private static readonly DeepNetworkMulticlassTrainer.Options s_all = new()
    {
        FeatureColumnName = "Pixels", LabelColumnName = "Digit", ExampleWeightColumnName = "Weight", StandardizeFeatures = false,
        Network = Network.FeedForward(32, 16, 16) with
        {
            Activation = Activation.PRelu(0.1), Normalization = Normalization.Group(4) with { Epsilon = 1e-4 }, NormalizeAfterActivation = true,
            WeightParametrization = WeightParametrization.WeightStandardization, Bias = false, Dropout = 0.25,
            Residual = Residual.Gated(0.5) with { BranchLayers = 2, StochasticDepth = 0.3, PostNorm = true },
        },
        Initializer = Initializer.HeNormal with { Mode = FanMode.FanOut }, Clipping = GradientClipper.Norm(0.5), CentralizeGradients = true,
        Optimizer = Optimizer.Sgd(0.05, momentum: 0.9), Schedule = LearningRateSchedule.Cosine with { WarmUpSteps = 7 },
        Regularization = [Regularizer.L1(1e-4), Regularizer.MaxNorm()], EmaDecay = 0.99, AccumulationSteps = 3, BatchSize = 17, Epochs = 9, Seed = 5, ValidationFraction = 0.2,
        EarlyStopping = EarlyStopping.After(3, 0.01), Shuffle = false, Stability = StabilityPolicy.Warn,
        Detectors = [Detector.VanishingGradient with { Patience = 50 }], SpreadColumnName = "Spread", LabelSmoothing = 0.2, TemperatureScaling = true, ClassWeights = [1, 2, 0.5], ExtraFeatureColumns = ["Sort", "Age"],
    };

    public static IEnumerable<object[]> Tasks() =>
    [
        [s_all],
        [new DeepNetworkMulticlassTrainer.Options()],
        [new DeepNetworkBinaryTrainer.Options { PositiveWeight = 3 }],
        [new DeepNetworkRegressionTrainer.Options { Loss = RegressionLoss.Huber(0.5) }],
        [new DeepAutoencoderEstimator.Options { EmbeddingSize = 3, OutputColumnName = "Code" }],
    ];

    [TestMethod]
    [DynamicData(nameof(Tasks))]
    public void Options_of_every_task_go_through_json_and_back(DeepNetworkOptions options)
    {
        var read = DeepNetworkOptions.FromJson(options.ToJson());
        Assert.AreEqual(options.GetType(), read.GetType());
        Assert.IsEmpty(options.DifferencesFrom(read));
        Assert.AreEqual(options.ToJson(), read.ToJson());
        Assert.AreEqual(options.ToString(), read.ToString());
    }

    [TestMethod]
    public void Every_option_but_those_of_one_run_is_written()
    {
        using var json = JsonDocument.Parse(s_all.ToJson());
        var written = json.RootElement.EnumerateObject().Select(p => p.Name).ToHashSet();
        var options = typeof(DeepNetworkMulticlassTrainer.Options).GetProperties().Select(p => p.Name).ToArray();
        string[] ofOneRun = ["ValidationSet", "MemoryBudget", "CancellationToken", "Progress", "ProgressSteps", "Reports", "StatisticsInterval", "Histograms", "Threads"];
        CollectionAssert.AreEquivalent(options.Except(ofOneRun).Append("$type").ToArray(), written.ToArray());
        // No value that the test sets is the default: each must have been read back.
        Assert.HasCount(options.Length - ofOneRun.Length, s_all.DifferencesFrom(new DeepNetworkMulticlassTrainer.Options()));
    }

    [TestMethod]
    public void Differences_name_option_and_both_values()
    {
        var other = DeepNetworkOptions.FromJson(s_all.ToJson());
        (other.Clipping, other.Seed, other.Detectors) = (GradientClipper.None, null, []);
        CollectionAssert.AreEqual(
            new[] { "Clipping: Norm(0.5) → None", "Detectors: [VanishingGradient(ratio 0.001, norm 0.0001, patience 50)] → []", "Seed: 5 → none" },
            s_all.DifferencesFrom(other).Select(d => d.ToString()).Order(StringComparer.Ordinal).ToArray());
        Assert.Contains(d => d.ToString() == "PositiveWeight: none → 1", s_all.DifferencesFrom(new DeepNetworkBinaryTrainer.Options()));
        Assert.DoesNotContain(d => d.Here == d.There, new DeepNetworkMulticlassTrainer.Options().DifferencesFrom(new DeepNetworkBinaryTrainer.Options()));
    }

    /// <summary>The number that differs is none of those that the line of an Adam shows.</summary>
    [TestMethod]
    public void Values_that_print_alike_differ_in_json()
    {
        var other = new DeepNetworkBinaryTrainer.Options { Optimizer = Optimizer.Adam(0.006) with { Beta1 = 0.5 } };
        var difference = new DeepNetworkBinaryTrainer.Options().DifferencesFrom(other).Single();
        Assert.Contains("\"Beta1\":0.9", difference.Here);
        Assert.Contains("\"Beta1\":0.5", difference.There);
        Assert.DoesNotContain("\n", difference.ToString());
    }

    [TestMethod]
    public void What_json_leaves_out_has_its_default()
    {
        var options = DeepNetworkOptions.FromJson("""{ "Epochs": 3, "$type": "Binary", "Clipping": { "$type": "Norm" } }""");
        CollectionAssert.AreEqual(new[] { "Epochs" }, options.DifferencesFrom(new DeepNetworkBinaryTrainer.Options()).Select(d => d.Option).ToArray());
    }

    [TestMethod]
    public void A_model_keeps_the_options_it_was_trained_with_and_so_does_its_file()
    {
        var context = new MLContext(seed: 1);
        var data = EveryTask.Load(context, EveryTask.Rows(60));
        var options = new DeepNetworkBinaryTrainer.Options { LabelColumnName = "Yes", Network = Network.FeedForward(4), Epochs = 2, Clipping = GradientClipper.Norm(0.25) };
        using var model = context.BinaryClassification.Trainers.DeepNetwork(options).Fit(data);

        var kept = model.Model.Options;
        // What was left to the data, and to chance.
        CollectionAssert.AreEquivalent(new[] { "BatchSize", "Seed" }, options.DifferencesFrom(kept).Select(d => d.Option).ToArray());
        using var again = new DeepNetworkBinaryTrainer(new MLContext(), (DeepNetworkBinaryTrainer.Options)kept).Fit(data);
        CollectionAssert.AreEqual(model.Onnx.ToArray(), again.Onnx.ToArray(), "the kept options and their seed give the same model");

        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        Assert.IsEmpty(kept.DifferencesFrom(loaded.GetDeepNetworkOptions()));
        Assert.IsEmpty(kept.DifferencesFrom(model.GetDeepNetworkOptions()));
    }

    [TestMethod]
    public void A_model_without_a_network_has_no_options()
    {
        var context = new MLContext();
        var model = context.Transforms.CopyColumns("Copy", "Features").Fit(EveryTask.Load(context, EveryTask.Rows(60)));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.GetDeepNetworkOptions());
        Assert.Contains("no deep network", error.Message);
    }
}
