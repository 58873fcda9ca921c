namespace Microsoft.ML.GradientStability.Tests.Advice;

/// <summary>What a conflict says to set is set, and then it is gone.</summary>
[TestClass]
public sealed class OptionAdviceTests
{
    private static readonly FeedForwardNetwork s_plain = Network.FeedForward(8, 8) with { Normalization = Normalization.None };

    /// <summary>The options, what is advised, and the change that it says.</summary>
    public static IEnumerable<object[]> Conflicts() =>
    [
        Of(o => (o.Network, o.BatchSize) = (Normalized(Normalization.Batch), 1), "set Normalization.Layer", o => o.Network = Normalized(Normalization.Layer)),
        Of(o => (o.Network, o.BatchSize) = (Normalized(Normalization.Batch), 4), "take 8 or more", o => o.BatchSize = 8),
        Of(o => (o.Network, o.BatchSize) = (Normalized(Normalization.Batch), 4), "or Normalization.Layer", o => o.Network = Normalized(Normalization.Layer)),
        Of(o => o.Network = Normalized(Normalization.Batch) with { Bias = true }, "leave Bias out", o => o.Network = Normalized(Normalization.Batch)),
        Of(o => o.Network = s_plain with { NormalizeAfterActivation = true }, "choose one", o => o.Network = Normalized(Normalization.Layer) with { NormalizeAfterActivation = true }),
        Of(o => o.Network = s_plain with { Activation = Activation.Selu, AlphaDropout = 0.1, Dropout = 0.1 }, "set one of the two to 0",
            o => o.Network = s_plain with { Activation = Activation.Selu, AlphaDropout = 0.1, Dropout = 0 }),
        Of(o => o.Network = s_plain with { AlphaDropout = 0.1 }, "set Activation.Selu", o => o.Network = s_plain with { AlphaDropout = 0.1, Activation = Activation.Selu }),
        Of(o => o.Network = s_plain with { AlphaDropout = 0.1 }, "or Dropout in its place", o => o.Network = s_plain with { Dropout = 0.1 }),
        Of(o => o.Network = Normalized(Normalization.Batch) with { Activation = Activation.Selu }, "set Normalization.None", o => o.Network = s_plain with { Activation = Activation.Selu }),
        Of(o => o.Network = s_plain with { Activation = Activation.Selu, Dropout = 0.1 }, "set AlphaDropout in its place", o => o.Network = s_plain with { Activation = Activation.Selu, AlphaDropout = 0.1 }),
        Of(o => (o.Network, o.Initializer) = (s_plain with { Activation = Activation.Selu }, Initializer.XavierUniform), "set Initializer.LeCunNormal", o => o.Initializer = Initializer.LeCunNormal),
        Of(o => o.Initializer = Initializer.Constant(), "by Initializer.HeUniform for one", o => o.Initializer = Initializer.HeUniform),
        Of(o => (o.Network, o.Initializer) = (s_plain, Initializer.Fixup), "set Residual.Identity with { BranchLayers = 2 }",
            o => o.Network = s_plain with { Residual = Residual.Identity with { BranchLayers = 2 } }),
        Of(o => (o.Network, o.Initializer) = (Normalized(Normalization.Layer) with { Residual = Residual.Identity }, Initializer.Fixup), "set Normalization.None",
            o => o.Network = s_plain with { Residual = Residual.Identity }),
        Of(o => (o.Network, o.Initializer) = (s_plain with { Residual = Residual.Gated() }, Initializer.Fixup), "set Residual.Gated(1)", o => o.Network = s_plain with { Residual = Residual.Gated(1) }),
        Of(o => o.Network = s_plain with { WeightParametrization = WeightParametrization.WeightStandardization }, "set a normalization to follow, Normalization.Layer for one",
            o => o.Network = Normalized(Normalization.Layer) with { WeightParametrization = WeightParametrization.WeightStandardization }),
        Of(o => o.Optimizer = Optimizer.Sgd(0.1) with { Nesterov = true }, "set a Momentum above 0, 0.9 for one", o => o.Optimizer = Optimizer.Sgd(0.1, momentum: 0.9) with { Nesterov = true }),
        Of(o => (o.Optimizer, o.Regularization) = (Optimizer.AdamW(), [Regularizer.WeightDecay()]), "leave one out", o => o.Regularization = []),
        Of(o => o.Regularization = [Regularizer.L2()], "set Regularizer.WeightDecay", o => o.Regularization = [Regularizer.WeightDecay()]),
        Of(o => o.Schedule = LearningRateSchedule.OneCycle() with { WarmUpSteps = 5 }, "leave WarmUpSteps out", o => o.Schedule = LearningRateSchedule.OneCycle()),
        Of(o => o.EarlyStopping = EarlyStopping.After(), "a ValidationFraction above 0, 0.1 for one", o => o.ValidationFraction = 0.1),
        Of(o => o.EarlyStopping = EarlyStopping.After(), "or a ValidationSet", o => o.ValidationSet = Data()),
    ];

    private static object[] Of(Action<SupervisedOptions> set, string advice, Action<SupervisedOptions> follow) => [advice, set, follow];

    [TestMethod]
    [DynamicData(nameof(Conflicts))]
    public void What_is_advised_resolves_the_conflict(string advice, Action<SupervisedOptions> set, Action<SupervisedOptions> follow)
    {
        var options = new DeepNetworkRegressionTrainer.Options { LabelColumnName = "Number", Epochs = 1 };
        set(options);
        Assert.Contains(advice, Assert.ContainsSingle(options.Conflicts()).Reason);
        follow(options);
        Assert.IsEmpty(options.Conflicts(), string.Join(" ", options.Conflicts()));
        new MLContext(seed: 1).Regression.Trainers.DeepNetwork(options).Fit(Data()).Dispose();
    }

    [TestMethod]
    public void Held_out_rows_as_advised()
    {
        var seed = Enumerable.Range(0, 100).First(s => !Enumerable.Range(0, 6).Any(row => new HeldOutRows(0.1, s).Contains(row)));
        var few = EveryTask.Load(new MLContext(), EveryTask.Rows(6));
        Action<SupervisedOptions> set = o => (o.ValidationFraction, o.Seed, o.EarlyStopping, o.Epochs) = (0.1, seed, EarlyStopping.After(), 1);
        Assert.Contains("Raise it, or pass a ValidationSet", Assert.ThrowsExactly<InvalidOperationException>(() => Fit(few, set)).Message);
        Fit(few, set + (o => o.ValidationFraction = 0.5));
        Fit(few, set + (o => o.ValidationSet = Data()));
    }

    [TestMethod]
    public void Rows_to_train_on_as_advised()
    {
        var seed = Enumerable.Range(0, 100).First(s => new HeldOutRows(0.9, s).Contains(0));
        var ml = new MLContext(seed: 1);
        var single = EveryTask.Load(ml, EveryTask.Rows(1));
        var options = new DeepAutoencoderEstimator.Options { ValidationFraction = 0.9, Seed = seed, Epochs = 1 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ml.Transforms.DeepAutoencoder(options).Fit(single));
        Assert.Contains("Lower ValidationFraction, or pass a ValidationSet", error.Message);
        options.ValidationSet = single;
        ml.Transforms.DeepAutoencoder(options).Fit(single).Dispose();
        (options.ValidationSet, options.ValidationFraction) = (null, 0);
        ml.Transforms.DeepAutoencoder(options).Fit(single).Dispose();
    }

    /// <summary>Where features as they are make gradients explode.</summary>
    [TestMethod]
    public void Features_are_standardized_as_advised()
    {
        var rows = EveryTask.Rows(60);
        foreach (var row in rows)
            row.Features = [.. row.Features.Select(x => 1e6f * x)];
        var data = EveryTask.Load(new MLContext(), rows);
        Action<SupervisedOptions> set = o => (o.StandardizeFeatures, o.Network, o.Clipping, o.Optimizer) =
            (false, s_plain, GradientClipper.None, Optimizer.Sgd(0.1));
        var error = Assert.ThrowsExactly<GradientStabilityException>(() => Fit(data, set));
        Assert.Contains("set StandardizeFeatures = true", error.Message);
        Fit(data, set + (o => o.StandardizeFeatures = true));
    }

    private static FeedForwardNetwork Normalized(Normalization normalization) => s_plain with { Normalization = normalization };

    private static IDataView Data() => EveryTask.Load(new MLContext(), EveryTask.Rows(40));

    private static void Fit(IDataView data, Action<SupervisedOptions> set) => EveryTask.Fit(new MLContext(seed: 1), EveryTask.Regression, data, set).Dispose();
}
