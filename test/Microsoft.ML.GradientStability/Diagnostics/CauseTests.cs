namespace Microsoft.ML.GradientStability.Tests.Diagnostics;

/// <summary>Which cause the evidence names, in networks that are wrong in one known way.</summary>
[TestClass]
public sealed class CauseTests
{
    private static readonly FeedForwardNetwork s_deep = Network.FeedForward([.. Enumerable.Repeat(32, 20)]) with { Normalization = Normalization.None };

    public static IEnumerable<object[]> Wrong() =>
    [
        ["InitialWeights", s_deep, Initializer.XavierNormal with { Gain = 4 }, "scale a gradient by about 2.8", typeof(UseHeInitializer)],
        ["InitialWeights", s_deep, Initializer.Default, "scale a gradient by about 0.41", typeof(UseHeInitializer)],
        // 1/√3, and a little less in the first layers, where the signal saturates.
        ["InitialWeights", s_deep with { Activation = Activation.Tanh }, Initializer.Default, "scale a gradient by about 0.57", typeof(UseOrthogonalInitializer)],
        ["InitialWeights", Network.FeedForward(32, 32), Initializer.Constant(0.1), "all units of a layer start alike", typeof(UseHeInitializer)],
        ["InitialWeights", s_deep with { Activation = Activation.Gelu }, Initializer.Orthogonal with { Gain = 1e30 }, "so large or so small", typeof(UseHeInitializer)],
        ["Activation", s_deep with { Activation = Activation.Sigmoid }, Initializer.XavierUniform, "Sigmoid saturates", typeof(UseReluActivation)],
        ["Dropout", Network.FeedForward(32, 32) with { Dropout = 0.98 }, Initializer.HeUniform, "of the 32 units", typeof(LessDropout)],
    ];

    [TestMethod]
    [DynamicData(nameof(Wrong))]
    public void The_cause_that_was_put_in_is_named(string name, FeedForwardNetwork network, Initializer initializer, string text, Type remedy)
    {
        using var bench = new Bench(new() { Network = network, Initializer = initializer }, DataFacts.Sane(1));
        var why = bench.Evidence(Symptom.Vanishing);
        Assert.AreEqual(name, why.Name, why.Cause);
        StringAssert.Contains(why.Cause, text);
        Assert.IsInstanceOfType(why.Remedies[0], remedy);
        Assert.IsInRange(0.5, 1, why.Confidence);
    }

    [TestMethod]
    public void Unscaled_features_are_the_datas_fault_and_never_the_weights()
    {
        var options = new DeepNetworkMulticlassTrainer.Options { Network = s_deep, Initializer = Initializer.XavierNormal with { Gain = 2 }, StandardizeFeatures = false };
        var module = options.Network.CreateModule(2, 3, options.Initializer);
        var statistics = new RowStatistics(2);
        var rows = new CachedRows(2, weighted: false);
        for (var row = 0; row < 50; row++)
        {
            float[] features = [2500 * (row % 7 - 3), 900 * (row % 5 - 2)];
            statistics.Add(features, row % 3, targetsAreClasses: true);
            rows.Add(features, row % 3, 1);
        }
        using var batches = new CachedBatches(rows, [.. Enumerable.Range(0, 50).Select(row => (long)row)], 16, TorchSharp.torch.ScalarType.Int64);
        var facts = DataFacts.Read(batches, module, statistics, hasClasses: true);
        module.Dispose();
        using var bench = new Bench(options, facts);
        var why = bench.Evidence(Symptom.Explosion);
        Assert.AreEqual("Features", why.Name);
        StringAssert.Contains(why.Cause, "features reach 7500");
        Assert.IsInstanceOfType<UseStandardizedFeatures>(why.Remedies.Single());
    }

    [TestMethod]
    public void The_learning_rate_is_not_blamed_before_it_has_acted()
    {
        using var bench = new Bench(new() { Network = Network.FeedForward(32, 32) with { Normalization = Normalization.None }, Optimizer = Optimizer.Sgd(1000) }, DataFacts.Sane(1));
        var why = bench.Evidence(Symptom.Explosion);
        Assert.AreEqual("Unknown", why.Name);
        Assert.IsEmpty(why.Remedies);
        StringAssert.Contains(why.Cause, "no option is known");
        Assert.AreEqual("LearningRate", bench.After(updateRatio: 30, Symptom.Explosion).Name);
    }

    /// <summary>Nor is it said that training ended while it goes on.</summary>
    [TestMethod]
    public void The_number_of_steps_is_not_blamed_before_the_end()
    {
        using var bench = new Bench(new() { Network = Network.FeedForward(32, 32), Epochs = 2, BatchSize = 64 }, DataFacts.Sane(1));
        Assert.AreNotEqual("Steps", bench.After(updateRatio: 0.01, Symptom.PoorFit).Name);
        bench.End(loss: 1.1);
        Assert.AreEqual("Steps", bench.Evidence(Symptom.PoorFit).Name);
    }

    /// <summary>Nothing was learnt, and all else is well: that speaks against the labels as far as a recurrent network hears the steps, and against its recurrence where it hears less than half.</summary>
    [TestMethod]
    [DataRow(1.0, "Labels", 0.5, "carry no signal that these features show.", DisplayName = "All steps are heard")]
    [DataRow(0.9, "Labels", 0.5, "That holds for 69 % of the steps", DisplayName = "22 of 32 are heard")]
    [DataRow(0.85, "Recurrence", 0.5, "reached 47 % of the steps", DisplayName = "15 of 32 are heard")]
    [DataRow(0.6, "Recurrence", 0.93, "reaches 14 of 32 steps", DisplayName = "Half of them are not reached at all")]
    public void Labels_are_not_blamed_for_what_the_gradient_does_not_hear(double factor, string name, double confidence, string text)
    {
        using var bench = new Bench(new() { Network = Network.Recurrent(RecurrentCell.Tanh, 4) }, DataFacts.Sane(1));
        bench.Reached([.. Enumerable.Range(0, 32).Select(step => Math.Pow(factor, 31 - step))]);
        for (var step = 0; step < 60; step++)
            bench.After(updateRatio: 1e-3, Symptom.PoorFit);
        bench.End(loss: 1.1);
        var why = bench.Evidence(Symptom.PoorFit);
        Assert.AreEqual(name, why.Name, why.Cause);
        Assert.AreEqual(confidence, why.Confidence, 1e-9);
        StringAssert.Contains(why.Cause, text);
        Assert.AreEqual(name == "Recurrence", why.Remedies.Any(remedy => remedy is UseGatedCells));
    }

    private sealed class Bench : IDisposable
    {
        private readonly NetworkModule _module;
        private readonly FlatParameters _parameters;
        private readonly TrainingContext _context;

        public Bench(DeepNetworkMulticlassTrainer.Options options, DataFacts data)
        {
            TorchSharp.torch.manual_seed(1);
            _module = options.Network.CreateModule(32, 3, options.Initializer);
            _parameters = new FlatParameters(_module);
            _context = new TrainingContext(options, new MulticlassObjective(new UnnamedClassLabels(3), 0, null), _module, _parameters, data);
        }

        public Explanation Evidence(Symptom symptom) => _context.Explain(symptom);

        public Explanation After(double updateRatio, Symptom symptom)
        {
            _context.Evidence.Updated(norm: 1, clippedNorm: 1, clipped: false, factor: 1);
            _context.Evidence.Moved(updateRatio, _context.Evidence.FirstWeightNorm, [], factor: 1);
            return _context.Explain(symptom);
        }

        public void Reached(double[] gradientOverTime) => _context.Evidence.Reached(TimeReach.Of(gradientOverTime));

        public void End(double loss) => _context.Evidence.End = new FinalJudgement(loss, null, [], null, null, null, 0);

        public void Dispose()
        {
            _parameters.Dispose();
            _module.Dispose();
        }
    }
}
