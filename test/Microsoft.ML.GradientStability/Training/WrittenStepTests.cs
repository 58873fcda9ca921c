using Microsoft.ML.GradientStability.Tests.Networks;
using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>A thousand steps of every part that is written out, beside the same by LibTorch's graph: the same losses, and weights, but for rounding.</summary>
[TestClass]
public sealed class WrittenStepTests
{
    private const int Steps = 1000, Rows = 53, BatchSize = 16, Features = 5, Outputs = 3;

    /// <summary>Small, so that rounding does not grow from step to step.</summary>
    private const double Rate = 0.01;

    private static readonly FeedForwardNetwork s_plain = Network.FeedForward(12, 9, 9) with { Activation = Activation.Tanh, Normalization = Normalization.None };

    private static readonly SupervisedObjective s_classes = new MulticlassObjective(new UnnamedClassLabels(Outputs), 0, null);

    public static IEnumerable<object[]> Networks() => new[] { s_plain, s_plain with { HiddenUnits = [40, 33] } }
        .Concat(Known.All<Activation>().Select(a => s_plain with { Activation = a }))
        .Append(s_plain with { Activation = Activation.PRelu() with { PerUnit = true } })
        .Concat(from normalization in new Normalization[] { Normalization.Layer, Normalization.Batch, Normalization.Rms }
                from after in new[] { false, true }
                select s_plain with { Normalization = normalization, NormalizeAfterActivation = after })
        // A few numbers that are made 0 and 1 in mean and variance would enlarge rounding: groups of eight.
        .Concat(from normalization in new Normalization[] { Normalization.Group(3), Normalization.Instance(3), Normalization.Instance(3) with { Affine = true } }
                from after in new[] { false, true }
                select s_plain with { Normalization = normalization, NormalizeAfterActivation = after, HiddenUnits = [24, 24] })
        .Concat(from residual in Known.All<Residual>().Append(Residual.Gated(0.5)).Append(Residual.Identity with { StochasticDepth = 0.3 })
                from post in new[] { false, true }
                select s_plain with { Residual = residual with { BranchLayers = 2, PostNorm = post }, HiddenUnits = [12, 9, 9, 9, 9], Normalization = Normalization.Layer })
        .Concat(Known.All<WeightParametrization>().Select(p => s_plain with { WeightParametrization = p, Normalization = Normalization.Layer }))
        .Append(s_plain with { WeightParametrization = WeightParametrization.WeightNormalization, Ensemble = 2 })
        .Append(s_plain with { Dropout = 0.3 })
        .Append(s_plain with { AlphaDropout = 0.1, Activation = Activation.Selu })
        .Append(s_plain with { Bias = false })
        .Append(s_plain with { Ensemble = 3, Normalization = Normalization.Batch })
        .Append(s_plain with { Ensemble = 2, Residual = Residual.Identity })
        .Select(network => new object[] { network });

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Every_part_takes_the_steps_of_the_graph(object network) => Agree((FeedForwardNetwork)network, s_classes);

    public static IEnumerable<object[]> Objectives() => new Objective[]
    {
        new MulticlassObjective(new UnnamedClassLabels(Outputs), 0.1, null),
        new MulticlassObjective(new UnnamedClassLabels(Outputs), 0.1, [1, 3, 0.5]),
        new MulticlassObjective(new UnnamedClassLabels(Outputs), 0, [1, 3, 0.5]),
        new BinaryObjective(1, 0.5), new BinaryObjective(4, 0.5), new BinaryObjective(400, 0.5),
        new RegressionObjective(RegressionLoss.Squared, 1.5, 0.7), new RegressionObjective(RegressionLoss.Absolute, 1.5, 0.7),
        new RegressionObjective(RegressionLoss.Huber(0.5), 1.5, 0.7),
        new AutoencoderObjective(new AutoencoderColumns("Embedding", "Error", 2), Features),
    }.SelectMany(objective => from weighted in new[] { false, true } from batches in new[] { 1, 3 } select new object[] { objective, weighted, batches });

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void Every_loss_takes_the_steps_of_the_graph(object objective, bool weighted, int batches) =>
        Agree(s_plain, (Objective)objective, weighted, batches);

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void Every_loss_of_members_does_so_too(object objective, bool weighted, int batches)
    {
        if (objective is SupervisedObjective)
            Agree(s_plain with { Ensemble = 3 }, (Objective)objective, weighted, batches);
    }

    public static IEnumerable<object[]> Encodings() =>
        from encoding in new InputEncoding[] { InputEncoding.None, InputEncoding.Robust, InputEncoding.PiecewiseLinear(4, 0.5), InputEncoding.Periodic() }
        from members in new[] { 1, 3 }
        select new object[] { encoding, members };

    [TestMethod]
    [DynamicData(nameof(Encodings))]
    public void Every_encoding_of_scaled_features_takes_the_steps_of_the_graph(object encoding, int members) =>
        Agree(s_plain with { Encoding = (InputEncoding)encoding, Ensemble = members }, s_classes, scales: true);

    /// <summary>The last two of the five features are keys.</summary>
    public static IEnumerable<object[]> Keyed() =>
        from encoding in new InputEncoding[] { InputEncoding.None, InputEncoding.PiecewiseLinear(4, 0.5), InputEncoding.Periodic(2) }
        from members in new[] { 1, 3 }
        select new object[] { s_plain with { KeyColumns = [new("One", 1, 4), new("Other", 1, 3)], Encoding = encoding, Ensemble = members } };

    [TestMethod]
    [DynamicData(nameof(Keyed))]
    public void Embeddings_of_keys_take_the_steps_of_the_graph(object network) => Agree((FeedForwardNetwork)network, s_classes, scales: true);

    [TestMethod]
    public void What_is_not_written_out_goes_by_the_graph()
    {
        Assert.IsFalse(Run(s_plain, s_classes, false, 1, false, byGraph: false, steps: 1, batchSize: int.MaxValue).IsWrittenOut);
        Assert.IsFalse(Run(Network.Convolutional(4), s_classes, false, 1, false, byGraph: false, steps: 1).IsWrittenOut);
    }

    [TestMethod]
    [DoNotParallelize]
    public void Forward_loss_and_backward_allocate_nothing()
    {
        var network = s_plain with { Normalization = Normalization.Batch, Dropout = 0.2, Ensemble = 2 };
        var random = new FitRandom(5);
        using var module = s_classes.CreateModule(network, Features, new Origin(Initializer.XavierUniform, random, Cancellation.None));
        using var parameters = new FlatParameters(module);
        using var features = torch.rand(BatchSize, Features);
        using var targets = torch.zeros(BatchSize, torch.int64);
        var batch = new Batch(features, targets, null);
        var step = WrittenStep.Of(new TrainingContext(new DeepNetworkMulticlassTrainer.Options { Network = network }, s_classes, module, parameters, DataFacts.Sane(1)), module)!;
        step.Backward(batch, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            step.Backward(batch, 1);
        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Agree(FeedForwardNetwork network, Objective objective, bool weighted = false, int batches = 1, bool scales = false)
    {
        var graph = Run(network, objective, weighted, batches, scales, byGraph: true);
        var written = Run(network, objective, weighted, batches, scales, byGraph: false);
        Assert.IsFalse(graph.IsWrittenOut);
        Assert.IsTrue(written.IsWrittenOut, $"{network} is not written out");
        for (var step = 0; step < graph.Losses.Length; step++)
            Assert.AreEqual(graph.Losses[step], written.Losses[step], 2e-4 * Math.Max(1, graph.Losses[step]), $"loss at step {step + 1} of {network}");
        EveryTask.AreClose(graph.Weights, written.Weights, 1e-3);
        EveryTask.AreClose(graph.Statistics, written.Statistics, 1e-3);
        Assert.IsGreaterThan(0.05, graph.Weights.Zip(graph.First, (last, first) => Math.Abs(last - first)).Max(), "nothing was learnt, and the test proves nothing");
    }

    private static (double[] Losses, float[] First, float[] Weights, float[] Statistics, bool IsWrittenOut) Run(
        Network network, Objective objective, bool weighted, int batches, bool scales, bool byGraph, int steps = Steps, int? batchSize = null)
    {
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = network, Optimizer = Optimizer.Sgd(Rate), AccumulationSteps = batches, BatchSize = batchSize, Clipping = GradientClipper.Norm(1),
        };
        var random = new FitRandom(5);
        var (values, draw) = (new float[Rows * Features], new Random(4));
        foreach (ref var value in values.AsSpan())
            value = draw.NextSingle() * 2 - 1;
        var keyed = network as FeedForwardNetwork;
        var numbers = network.NumbersOf(Features);
        for (var row = 0; row < Rows; row++)
            for (var slot = numbers; slot < Features; slot++)
                values[row * Features + slot] = draw.Next(keyed!.KeyColumns[slot - numbers].Keys + 1);
        var code = keyed?.Encoding.Fit(new FeatureSample(numbers, false, feature =>
            ([.. Enumerable.Range(0, Rows).Select(row => values[row * Features + feature]).Order()], new float[Rows])));
        using var module = objective.CreateModule(network, Features, new Origin(Initializer.XavierUniform, random, Cancellation.None), code);
        if (scales)
            module.ScaleInput([.. Enumerable.Repeat(0.1f, numbers)], [.. Enumerable.Repeat(1.5f, numbers)], [.. Enumerable.Repeat(0.05f, numbers)]);
        using var parameters = new FlatParameters(module);
        var first = parameters.ToArray();
        var cached = new CachedRows(Features, weighted);
        for (var row = 0; row < Rows; row++)
        {
            var sum = values[row * Features] + values[row * Features + 1] * values[row * Features + 2];
            var target = objective is MulticlassObjective ? sum < -0.3f ? 0 : sum < 0.3f ? 1 : 2 : objective is BinaryObjective ? sum > 0 ? 1 : 0 : 1 + sum;
            cached.Add(values.AsSpan(row * Features, Features), target, weighted ? 0.5f + row % 3 : 1);
        }
        using var source = new CachedBatches(cached, [.. Enumerable.Range(0, Rows).Select(row => (long)row)], BatchSize, objective.TargetType);
        using var scope = new TorchScope(1);
        var step = new TrainingStep(new TrainingContext(options, objective, module, parameters, DataFacts.Sane(1)), module, random, byGraph);
        module.train();
        var losses = new List<double>();
        for (var epoch = 1; losses.Count < steps; epoch++)
        {
            source.Begin(random.Order(epoch));
            while (losses.Count < steps && step.Backward(source, epoch, losses.Count + 1))
            {
                losses.Add(step.Observation.Loss);
                step.Update(Rate);
            }
        }
        return ([.. losses], first, parameters.ToArray(), [.. module.RunningStatistics().SelectMany(values => values.data<float>().ToArray())], step.IsWrittenOut);
    }
}
