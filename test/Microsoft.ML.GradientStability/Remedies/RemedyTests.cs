namespace Microsoft.ML.GradientStability.Tests.Remedies;

/// <summary>Real networks that are ill in a known way: the illness is found and named, and what the finding says mends it.</summary>
[TestClass]
public sealed class RemedyTests
{
    public static IEnumerable<object[]> Ill() =>
    [
        ["LibTorch's weights vanish in a deep ReLU network", Initializer.Default, Activation.Relu, "Vanishing gradient", "Initializer"],
        ["LibTorch's weights vanish in a deep tanh network", Initializer.Default, Activation.Tanh, "Vanishing gradient", "Initializer = Initializer.Orthogonal"],
        ["sigmoid vanishes", Initializer.XavierUniform, Activation.Sigmoid, "Vanishing gradient", "Activation"],
        ["too large a gain explodes", Initializer.XavierUniform with { Gain = 4 }, Activation.Relu, "Non-finite gradient", "Initializer"],
    ];

    [TestMethod]
    [DynamicData(nameof(Ill))]
    public void What_is_found_is_named_and_mended_by_what_is_named(
        string why, Initializer initializer, Activation activation, string kind, string option)
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedDigits(ml);
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward([.. Enumerable.Repeat(32, 30)]) with { Normalization = Normalization.None, Activation = activation },
            Initializer = initializer,
            Clipping = GradientClipper.None,
            Optimizer = Optimizer.Sgd(0.05),
            BatchSize = 32,
            Epochs = 20,
            Seed = 1,
        };

        var unstable = Assert.ThrowsExactly<GradientStabilityException>(() => ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data), why);
        var last = unstable.Findings[^1];
        Assert.AreEqual(kind, last.Kind);
        Assert.AreEqual(Severity.Error, last.Severity);
        StringAssert.Contains(string.Join('\n', last.Remedies), option);
        StringAssert.Contains(unstable.Message, last.Cause);

        foreach (var remedy in last.Remedies)
        {
            Assert.IsTrue(remedy.Changes(options), remedy.Setting);
            remedy.ApplyTo(options);
            Assert.IsFalse(remedy.Changes(options), remedy.Setting);
        }
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data);
        Assert.IsEmpty(model.Model.Summary.Findings.Where(f => f.Severity == Severity.Error));
        Assert.IsGreaterThan(0.9, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    [TestMethod]
    public void A_healthy_network_is_left_alone()
    {
        var ml = new MLContext(seed: 1);
        var options = new DeepNetworkMulticlassTrainer.Options { Epochs = 5, Seed = 1 };
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedDigits(ml));
        Assert.IsEmpty(model.Model.Summary.Findings, string.Join("\n", model.Model.Summary.Findings));
    }

    [TestMethod]
    public void Warn_goes_on_where_stop_ends_and_ends_where_nothing_can_be_learnt()
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        var options = Samples.Small();
        options.Network = Network.FeedForward([.. Enumerable.Repeat(16, 40)]) with { Normalization = Normalization.None };
        options.Initializer = Initializer.Default;
        options.Optimizer = Optimizer.Sgd(0.01);
        Assert.ThrowsExactly<GradientStabilityException>(() => ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data));

        options.Stability = StabilityPolicy.Warn;
        using (var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data))
            Assert.IsNotEmpty(model.Model.Summary.Findings);

        options.Initializer = Initializer.XavierNormal with { Gain = 1000 };
        var hopeless = Assert.ThrowsExactly<GradientStabilityException>(() => ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data));
        StringAssert.Contains(hopeless.Message, "not one step could be taken");
    }
}
