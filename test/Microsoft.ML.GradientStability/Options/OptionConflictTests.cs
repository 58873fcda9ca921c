namespace Microsoft.ML.GradientStability.Tests.Options;

[TestClass]
public sealed class OptionConflictTests
{
    [TestMethod]
    public void The_layer_behind_an_embedding_is_judged_too()
    {
        var options = new DeepAutoencoderEstimator.Options
        {
            Network = Net(8) with { Normalization = Normalization.Group(2), WeightParametrization = WeightParametrization.WeightStandardization },
            EmbeddingSize = 1,
        };
        var conflict = options.Conflicts().Single();
        Assert.AreEqual((Severity.Error, "EmbeddingSize"), (conflict.Severity, conflict.Option));
        StringAssert.Contains(conflict.Reason, "a unit has 1 weights");
        options.EmbeddingSize = 3;
        Assert.IsEmpty(options.Conflicts());
    }

    [TestMethod]
    public void Batch_normalization_refuses_a_single_training_row()
    {
        var ml = new MLContext(seed: 1);
        var options = new DeepAutoencoderEstimator.Options { Network = Net(8) with { Normalization = Normalization.Batch }, EmbeddingSize = 3, Epochs = 1 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ml.Transforms.DeepAutoencoder(options).Fit(EveryTask.Load(ml, EveryTask.Rows(1))));
        StringAssert.Contains(error.Message, "needs at least 2");
        options.Network = Net(8) with { Normalization = Normalization.Layer };
        ml.Transforms.DeepAutoencoder(options).Fit(EveryTask.Load(ml, EveryTask.Rows(1))).Dispose();
    }

    /// <summary>Its only weight less its mean is 0: the network would be blind.</summary>
    [TestMethod]
    public void Weight_standardization_refuses_a_single_feature()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Transforms.CopyColumns("One", "Number").Append(ml.Transforms.Concatenate("Features", "One")).Fit(EveryTask.Load(ml, EveryTask.Rows(40)));
        var options = EveryTask.Options<DeepNetworkBinaryTrainer.Options>("Yes", o => (o.Epochs, o.Network) =
            (1, Net(8) with { Normalization = Normalization.Group(2), WeightParametrization = WeightParametrization.WeightStandardization }));
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => ml.BinaryClassification.Trainers.DeepNetwork(options).Fit(data.Transform(EveryTask.Load(ml, EveryTask.Rows(40)))));
        StringAssert.Contains(error.Message, "a unit has 1 weights");
        ml.BinaryClassification.Trainers.DeepNetwork(options).Fit(EveryTask.Load(ml, EveryTask.Rows(40))).Dispose();
    }

    private static FeedForwardNetwork Net(params int[] units) => Network.FeedForward(units) with { Normalization = Normalization.None };

    private static readonly FeedForwardNetwork s_selu = Net(8, 8) with { Activation = Activation.Selu };

    /// <summary>Severity, option, a word of the reason, options.</summary>
    public static IEnumerable<object[]> Conflicts() =>
    [
        .. Of(Severity.Error, "Normalization", "hidden layer 2, 8 groups do not divide 12 units", Net(8 * 3, 12) with { Normalization = Normalization.Group(8) }),
        .. Of(Severity.Error, "Normalization", "hidden layer 1, 8 groups of 8 units hold 1 each", Net(8) with { Normalization = Normalization.Group(8) }),
        .. Of(Severity.Error, "Normalization", "3 channels do not divide 8 units", Net(8) with { Normalization = Normalization.Instance(3) }),
        .. Of(Severity.Error, "Normalization", "8 channels of 8 units hold 1 each", Net(8) with { Normalization = Normalization.Instance(8) }),
        .. Of(Severity.Warning, "Bias", "no effect", Net(8) with { Normalization = Normalization.Batch, Bias = true }),
        .. Of(Severity.Warning, "Bias", "no effect", Net(8, 8) with { Normalization = Normalization.Batch, Bias = true, Residual = Residual.Identity }),
        .. Of(Severity.Warning, "NormalizeAfterActivation", "no normalization", Net(8) with { NormalizeAfterActivation = true }),
        .. Of(Severity.Error, "AlphaDropout", "takes the place of Dropout", s_selu with { AlphaDropout = 0.1, Dropout = 0.1 }, Initializer.LeCunNormal),
        .. Of(Severity.Error, "AlphaDropout", "where SELU saturates", Net(8) with { AlphaDropout = 0.1 }),
        .. Of(Severity.Warning, "Normalization", "SELU drives every layer", s_selu with { Normalization = Normalization.Batch }, Initializer.LeCunNormal),
        .. Of(Severity.Warning, "Dropout", "AlphaDropout", s_selu with { Dropout = 0.1 }, Initializer.LeCunNormal),
        .. Of(Severity.Warning, "Initializer", "variance 1/fan-in", s_selu, Initializer.Default),
        .. Of(Severity.Warning, "Initializer", "stay alike", Net(8), Initializer.Constant()),
        .. Of(Severity.Error, "Initializer", "the network has none", Net(8, 8), Initializer.Fixup),
        .. Of(Severity.Warning, "Initializer", "takes the place of normalization", Net(8, 8) with { Residual = Residual.Identity, Normalization = Normalization.Layer }, Initializer.Fixup),
        .. Of(Severity.Error, "Residual", "neither ever gets a gradient", Net(8, 8) with { Residual = Residual.Gated() }, Initializer.Fixup),
        .. Of(Severity.Warning, "WeightParametrization", "√inputs", Net(8) with { WeightParametrization = WeightParametrization.WeightStandardization }),
        .. Of(Severity.Error, "WeightParametrization", "is 0 by Fixup",
            Net(8, 8) with { Residual = Residual.Identity, WeightParametrization = WeightParametrization.WeightNormalization }, Initializer.Fixup),
        .. Of(Severity.Warning, "Initializer", "undoes the scale that Lsuv",
            Net(8) with { WeightParametrization = WeightParametrization.SpectralNormalization }, Initializer.Lsuv),
        .. Options(Severity.Error, "BatchSize", "at least 2 rows", o => (o.Network, o.BatchSize) = (Net(8) with { Normalization = Normalization.Batch }, 1)),
        .. Options(Severity.Warning, "BatchSize", "mostly noise", o => (o.Network, o.BatchSize) = (Net(8) with { Normalization = Normalization.Batch }, 4)),
        .. Options(Severity.Error, "EarlyStopping", "held-out rows", o => o.EarlyStopping = EarlyStopping.After()),
        .. Options(Severity.Warning, "Regularization", "undoes the scale that MaxNorm",
            o => (o.Network, o.Regularization) = (Net(8) with { WeightParametrization = WeightParametrization.WeightNormalization }, [Regularizer.MaxNorm()])),
        .. Options(Severity.Error, "Optimizer", "Momentum above 0", o => o.Optimizer = Optimizer.Sgd(0.1) with { Nesterov = true }),
        .. Options(Severity.Error, "Regularization", "twice", o => (o.Optimizer, o.Regularization) = (Optimizer.AdamW(), [Regularizer.WeightDecay()])),
        .. Options(Severity.Warning, "Regularization", "set Regularizer.WeightDecay", o => o.Regularization = [Regularizer.L2()]),
        .. Options(Severity.Warning, "TemperatureScaling", "SpectralNormalization holds the scale",
            o => (o.Network, o.TemperatureScaling) = (Net(8) with { WeightParametrization = WeightParametrization.SpectralNormalization }, true)),
        .. Options(Severity.Warning, "Schedule", "warms up by itself", o => o.Schedule = LearningRateSchedule.OneCycle() with { WarmUpSteps = 5 }),
    ];

    public static IEnumerable<object[]> GoodCombinations() =>
    [
        .. Good(o => o.ToString()),
        .. Good(o => o.Network = Network.FeedForward(8)),
        .. Good(o => (o.Network, o.Initializer) = (s_selu with { AlphaDropout = 0.1 }, Initializer.LeCunNormal)),
        .. Good(o => o.Network = Net(16, 16) with { Normalization = Normalization.Group(4), WeightParametrization = WeightParametrization.WeightStandardization }),
        .. Good(o => o.Network = Net(8) with { Normalization = Normalization.Batch, Bias = true, NormalizeAfterActivation = true }),
        .. Good(o => (o.Network, o.Initializer) = (Net(8, 8, 8) with { Residual = Residual.Gated(1) with { BranchLayers = 2 } }, Initializer.Fixup)),
        .. Good(o => (o.Optimizer, o.Regularization) = (Optimizer.Sgd(0.1, momentum: 0.9) with { Nesterov = true }, [Regularizer.L2(), Regularizer.MaxNorm()])),
        .. Good(o => (o.Optimizer, o.Regularization) = (Optimizer.Adam(), [Regularizer.WeightDecay(), Regularizer.L1()])),
        .. Good(o => (o.Optimizer, o.Regularization) = (Optimizer.AdamW() with { WeightDecay = 0 }, [Regularizer.WeightDecay()])),
        .. Good(o => (o.EarlyStopping, o.ValidationFraction) = (EarlyStopping.After(), 0.1)),
        .. Good(o => o.Schedule = LearningRateSchedule.Cosine with { WarmUpSteps = 5 }),
    ];

    [TestMethod]
    [DynamicData(nameof(Conflicts))]
    public void A_bad_combination_is_named_and_says_why(Severity severity, string option, string reason, Action<DeepNetworkMulticlassTrainer.Options> set)
    {
        var options = new DeepNetworkMulticlassTrainer.Options();
        set(options);
        var conflict = options.Conflicts().FirstOrDefault(c => c.Option == option && c.Reason.Contains(reason, StringComparison.Ordinal));
        Assert.AreEqual(option, conflict.Option, $"none of [{string.Join(" | ", options.Conflicts())}]");
        Assert.AreEqual(severity, conflict.Severity);
        Assert.HasCount(1, options.Conflicts());
    }

    [TestMethod]
    [DynamicData(nameof(Conflicts))]
    public void A_trainer_refuses_errors_and_logs_warnings(Severity severity, string option, string reason, Action<DeepNetworkMulticlassTrainer.Options> set)
    {
        var ml = new MLContext(seed: 1);
        var options = Samples.Small();
        set(options);
        if (severity == Severity.Error)
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.MulticlassClassification.Trainers.DeepNetwork(options));
            Assert.AreEqual(option, error.ParamName);
            Assert.Contains(reason, error.Message);
            return;
        }
        var warnings = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Kind == Runtime.ChannelMessageKind.Warning && e.RawMessage.StartsWith(option + ":", StringComparison.Ordinal))
                warnings.Add(e.RawMessage);
        };
        options.Stability = StabilityPolicy.Warn;
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml));
        Assert.Contains(reason, warnings.Single());
    }

    [TestMethod]
    [DynamicData(nameof(GoodCombinations))]
    public void A_good_combination_is_left_alone(Action<DeepNetworkMulticlassTrainer.Options> set)
    {
        var options = new DeepNetworkMulticlassTrainer.Options();
        set(options);
        Assert.IsEmpty(options.Conflicts(), string.Join(" | ", options.Conflicts()));
    }

    private static IEnumerable<object[]> Of(Severity severity, string option, string reason, FeedForwardNetwork network, Initializer? initializer = null) =>
        Options(severity, option, reason, o => (o.Network, o.Initializer) = (network, initializer ?? Initializer.HeUniform));

    private static IEnumerable<object[]> Options(Severity severity, string option, string reason, Action<DeepNetworkMulticlassTrainer.Options> set) =>
        [[severity, option, reason, set]];

    private static IEnumerable<object[]> Good(Action<DeepNetworkMulticlassTrainer.Options> set) => [[set]];
}
