namespace Microsoft.ML.GradientStability.Tests.Diagnostics;

/// <summary>Rules on whole fits: each on one that has what it looks for, and all of them on a healthy one.</summary>
[TestClass]
public sealed class FaultyFitTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static FeedForwardNetwork Plain(int layers, Activation activation) =>
        Network.FeedForward([.. Enumerable.Repeat(8, layers)]) with { Normalization = Normalization.None, Activation = activation, Dropout = 0 };

    public static IEnumerable<object[]> Faults() =>
    [
        ["Dead units", "LearningRate", Detector.DeadUnits, Faulty(o => (o.Network, o.Optimizer, o.Epochs) = (Plain(4, Activation.Relu), Optimizer.Sgd(30, 0.9), 20))],
        ["Saturated units", "InitialWeights", Detector.SaturatedUnits, Faulty(o =>
            (o.Network, o.Initializer, o.Optimizer) = (Plain(8, Activation.Tanh), Initializer.Orthogonal with { Gain = 50 }, Optimizer.Sgd(1e-5)))],
        ["Unchanged layer", "InitialWeights", Detector.UnchangedLayer, Faulty(o => (o.Network, o.Initializer) = (Plain(4, Activation.Relu), Initializer.Constant(-1)))],
        ["Steps too small", "LearningRate", Detector.UpdateRatio, Faulty(o => o.Optimizer = Optimizer.Sgd(1e-10))],
        ["Steps too large", "LearningRate", Detector.UpdateRatio with { Patience = 2 }, Faulty(o =>
            (o.Network, o.Optimizer, o.StatisticsInterval) = (Plain(3, Activation.Tanh), Optimizer.Adam(20), 1))],
        ["Initial weights too small", "InitialWeights", Detector.InitialWeights, Faulty(o => (o.Network, o.Initializer) = (Plain(30, Activation.Relu), Initializer.Default))],
        ["Initial weights too large", "InitialWeights", Detector.InitialWeights, Faulty(o =>
            (o.Network, o.Initializer) = (Plain(12, Activation.Relu), Initializer.XavierNormal with { Gain = 12 }))],
        ["Stalled training", "LearningRate", Detector.StalledTraining with { Patience = 30 }, Faulty(o => o.Optimizer = Optimizer.Sgd(1e-8))],
    ];

    [TestMethod]
    [DynamicData(nameof(Faults))]
    public void A_fault_is_found_and_explained(string kind, string cause, Detector detector, DeepNetworkMulticlassTrainer.Options options)
    {
        options.Detectors = [detector];
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(_ml));
        var finding = model.Model.Summary.Findings.Single();
        Assert.AreEqual(kind, finding.Kind, finding.ToString());
        Assert.AreEqual(cause, finding.CauseName, finding.ToString());
        Assert.IsNotEmpty(finding.Remedies);
        Assert.IsLessThanOrEqualTo(finding.Step, finding.FirstStep);
        Assert.IsGreaterThanOrEqualTo(finding.Step, finding.LastStep);
        Assert.DoesNotContain("\n", finding.Headline);
    }

    [TestMethod]
    [DataRow(2, 0.003)]
    [DataRow(8, 0.001)]
    [DataRow(30, 0.001)]
    public void A_healthy_fit_is_left_alone(int layers, double rate)
    {
        var options = Faulty(o => (o.Network, o.Initializer, o.Optimizer, o.Epochs) =
            (Plain(layers, Activation.Tanh), Initializer.Orthogonal, Optimizer.Adam(rate), 30));
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(_ml));
        Assert.IsEmpty(model.Model.Summary.Findings, string.Join('\n', model.Model.Summary.Findings));
        Assert.IsGreaterThan(0.95, _ml.MulticlassClassification.Evaluate(model.Transform(Samples.KeyedClusters(_ml))).MicroAccuracy);
    }

    /// <summary>Every unit behind weights of −1 is dead from the second layer on, and its weights get no gradient.</summary>
    [TestMethod]
    public void Units_without_a_gradient_are_named()
    {
        var options = Faulty(o => (o.Network, o.Initializer) = (Plain(4, Activation.Relu), Initializer.Constant(-1)));
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(_ml));
        var look = model.Model.Summary.Curves.Statistics[0];
        CollectionAssert.AreEqual(Enumerable.Range(0, 8).ToArray(), look.Layers[2].SilentUnits.ToArray());
        Assert.AreEqual(1, look.Activations[1].Dead);
        using var healthy = _ml.MulticlassClassification.Trainers.DeepNetwork(Faulty(o => o.Network = Plain(2, Activation.Tanh))).Fit(Samples.KeyedClusters(_ml));
        Assert.IsTrue(healthy.Model.Summary.Curves.Statistics.All(s => s.Layers.All(layer => layer.SilentUnits.Count == 0)));
    }

    [TestMethod]
    public void Unscaled_features_are_found_before_the_first_step()
    {
        var rows = Samples.Clusters();
        foreach (var row in rows)
            row.Features = [1e5f * row.Features[0], 1e5f * row.Features[1]];
        var data = _ml.Data.LoadFromEnumerable(rows);
        data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var trainer = _ml.MulticlassClassification.Trainers.DeepNetwork(Faulty(o =>
            (o.StandardizeFeatures, o.Detectors, o.Network) = (false, [Detector.UnscaledFeatures], Plain(2, Activation.Relu))));
        var finding = trainer.Inspect(data).Findings.Single();
        Assert.AreEqual("Unscaled features", finding.Kind);
        Assert.IsInstanceOfType<UseStandardizedFeatures>(finding.Remedies[0]);
        using var model = trainer.Fit(data);
        Assert.AreEqual(finding.Cause, model.Model.Summary.Findings.Single().Cause, "a fit says what the inspection said");
    }

    /// <summary>One target far out, in a batch of its own kind: the rows of that batch are named, and no other batch is.</summary>
    [TestMethod]
    public void A_loss_spike_names_the_rows_of_its_batch()
    {
        const int far = 137;
        var random = new Random(3);
        var rows = Enumerable.Range(0, 200).Select(i => (float)random.NextDouble()).Select((x, i) => new Curve { Features = [x, 1 - x * x], Label = i == far ? 500 : x }).ToArray();
        var options = new DeepNetworkRegressionTrainer.Options
        {
            Network = Network.FeedForward(8) with { Normalization = Normalization.None },
            BatchSize = 10,
            Epochs = 6,
            Seed = 3,
            Detectors = [Detector.LossSpike],
        };
        using var model = _ml.Regression.Trainers.DeepNetwork(options).Fit(_ml.Data.LoadFromEnumerable(rows));
        var finding = model.Model.Summary.Findings[0];
        Assert.AreEqual("Loss spike", finding.Kind);
        Assert.HasCount(10, finding.Rows);
        Assert.Contains(far, finding.Rows);
        Assert.IsGreaterThan(50, finding.Step);
    }

    /// <summary>One batch of 200 has a target far out: 119 healthy steps follow, or 29, of which nothing says that it is over.</summary>
    [TestMethod]
    [DataRow(808, true)]
    [DataRow(1708, false)]
    public void A_spike_that_is_over_is_said_to_be_over_wherever_it_is_told(int far, bool isOver)
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 2000).Select(i => (float)random.NextDouble()).Select((x, i) => new Curve { Features = [x, 1 - x * x], Label = i == far ? 500 : x }).ToArray();
        var path = Path.Combine(Directory.CreateTempSubdirectory("spike-").FullName, "fit.jsonl");
        var options = new DeepNetworkRegressionTrainer.Options
        {
            Network = Network.FeedForward(8) with { Normalization = Normalization.None }, BatchSize = 10, Epochs = 1, Shuffle = false, Seed = 3,
            Detectors = [Detector.LossSpike], Reports = [Report.JsonLines(path)],
        };
        using var model = _ml.Regression.Trainers.DeepNetwork(options).Fit(_ml.Data.LoadFromEnumerable(rows));
        var finding = model.Model.Summary.Findings.Single();
        Assert.AreEqual(far / 10 + 1, finding.LastStep);
        Assert.AreEqual(isOver, finding.IsOver);
        foreach (var text in new[] { finding.ToString(), finding.Headline })
            Assert.AreEqual(isOver, text.Contains($"step {finding.Step}, over", StringComparison.Ordinal), text);
        Assert.AreEqual(isOver, model.GetTrainingLedgers().Single().Findings.Single().IsOver);
        Assert.HasCount(isOver ? 1 : 0, File.ReadLines(path).Where(line => line.Contains("\"event\":\"over\"", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Labels that a hash of the features gives are learnt by heart; those that follow from them are not.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Rows_learnt_by_heart_are_told_from_those_that_are_understood(bool byHeart)
    {
        var random = new Random(5);
        var rows = Samples.Clusters(40);
        foreach (var row in rows.Where(_ => byHeart))
            row.Label = $"{random.Next(3)}";
        var finding = Judge(rows, o => (o.Detectors, o.ValidationFraction, o.Epochs, o.Network, o.Optimizer) =
            ([Detector.Overfitting], 0.4, 600, Network.FeedForward(128, 128, 128) with { Normalization = Normalization.None }, Optimizer.Adam(0.003)));
        Assert.AreEqual(byHeart, finding is not null, finding?.ToString());
        if (byHeart)
            Assert.IsGreaterThan(0.3, finding!.Measures["gap"]);
    }

    [TestMethod]
    [DataRow(2, true)]
    [DataRow(60, false)]
    public void A_class_of_a_handful_of_rows_is_named(int rowsOfBlue, bool found)
    {
        var rows = Samples.Clusters(180).GroupBy(row => row.Label).SelectMany(ofClass => ofClass.Take(ofClass.Key == "blue" ? rowsOfBlue : 60)).ToArray();
        var finding = Judge(rows, o => (o.Detectors, o.Epochs) = ([Detector.MissedClass], 30));
        Assert.AreEqual(found, finding is not null, finding?.ToString());
        if (!found)
            return;
        Assert.AreEqual("Missed class", finding!.Kind);
        Assert.AreEqual("ClassImbalance", finding.CauseName);
        CollectionAssert.AreEqual(new[] { 2 }, finding.Units.ToArray());
    }

    [TestMethod]
    [DataRow(1, "Steps")]
    [DataRow(60, null)]
    public void A_fit_that_ends_too_soon_is_told(int epochs, string? cause)
    {
        var finding = Judge(Samples.Clusters(), o => (o.Detectors, o.Epochs) = ([Detector.PoorFit], epochs));
        Assert.AreEqual(cause, finding?.CauseName, finding?.ToString());
    }

    [TestMethod]
    [DataRow(1e6f, "Outlier rows")]
    [DataRow(3f, null)]
    public void Rows_far_out_are_told(float feature, string? kind)
    {
        var rows = Samples.Clusters();
        rows[7].Features = [feature, -feature];
        var finding = Judge(rows, o => (o.Detectors, o.Epochs) = ([Detector.UnusableData], 1));
        Assert.AreEqual(kind, finding?.Kind, finding?.ToString());
    }

    /// <summary>The one finding of a fit; <see langword="null"/> where there is none.</summary>
    private Finding? Judge(Samples.Row[] rows, Action<DeepNetworkMulticlassTrainer.Options> change)
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        using var model = _ml.MulticlassClassification.Trainers.DeepNetwork(Faulty(change)).Fit(data);
        return model.Model.Summary.Findings.SingleOrDefault();
    }

    [TestMethod]
    public void Oscillation_is_seen_where_every_step_takes_back_the_one_before()
    {
        foreach (var (share, expected) in new[] { (-0.9, 1), (0.1, 0) })
        {
            var options = Faulty(o => o.Network = Plain(2, Activation.Tanh));
            using var module = options.Network.CreateModule(2, 3, options.Initializer);
            using var parameters = new FlatParameters(module);
            var context = new TrainingContext(options, new MulticlassObjective(new UnnamedClassLabels(3), 0, null), module, parameters, DataFacts.Sane(1));
            var monitor = new FitMonitor(context, module, [Detector.OscillatingLoss with { MinConfidence = 0 }], interval: 2);
            var (observation, random, found, last) = (new StepObservation(3), new Random(5), 0, new float[parameters.GradientSpan.Length]);
            for (var step = 1; step <= 12; step++)
            {
                monitor.Begin(step);
                for (var i = 0; i < last.Length; i++)
                    last[i] = (float)(share * last[i] + 0.1 * (random.NextDouble() - 0.5));
                last.CopyTo(parameters.GradientSpan);
                observation.Read(1, step, loss: 3, parameters);
                found += monitor.Observe(observation, rows: 16).Count;
            }
            Assert.AreEqual(expected, found, $"{share}");
        }
    }

    private static DeepNetworkMulticlassTrainer.Options Faulty(Action<DeepNetworkMulticlassTrainer.Options> change)
    {
        var options = Samples.Small();
        (options.StatisticsInterval, options.Stability, options.Epochs) = (4, StabilityPolicy.Warn, 10);
        change(options);
        return options;
    }

    private sealed class Curve
    {
        [Microsoft.ML.Data.VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
