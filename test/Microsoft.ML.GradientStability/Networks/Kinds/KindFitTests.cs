using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.Tests.Training;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>Every kind of network in a pipeline: trained and watched, exported, saved, loaded, taken up again.</summary>
[TestClass]
public sealed class KindFitTests
{
    private const int Seed = 3;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");

    public static IEnumerable<object[]> Networks() => Kinds.Data();

    [TestCleanup]
    public void Delete() => File.Delete(_file);

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Trains_is_saved_and_loaded_and_taken_up_again(Network network)
    {
        var data = ShapedRows.Of(network);
        using var model = Fit(network, data);
        var parity = model.SaveAsOnnx(_file, data);
        Assert.IsTrue(parity.Holds, parity.ToString());

        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        EveryTask.AreClose(EveryTask.Scores(model, data), EveryTask.Scores(loaded, data), 1e-5);
        EveryTask.IsTakenUp(model, loaded);
        using var next = Fit(network, data, loaded);
        CollectionAssert.AreNotEqual(EveryTask.Scores(model, data), EveryTask.Scores(next, data));
        var options = DeepNetworkOptions.FromJson(model.Model.Options.ToJson());
        Assert.AreEqual(model.Model.Network, options.Network);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void The_same_seed_gives_the_same_network(Network network)
    {
        var data = ShapedRows.Of(network);
        using var one = Fit(network, data);
        using var other = Fit(network, data);
        CollectionAssert.AreEqual(one.Model.Parameters.ToArray(), other.Model.Parameters.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void No_tensor_outlives_a_fit(Network network)
    {
        var data = ShapedRows.Of(network);
        using (var first = Fit(network, data))
            Assert.IsGreaterThan(0, first.Model.ParameterCount);
        var before = LiveTensorsTests.Live();
        long parameters;
        using (var module = network.CreateModule(network.Shape!.Size, Kinds.Classes, Initializer.Default))
            parameters = module.parameters().Count() * (network is CustomNetwork ? 2 : 1) + 1;
        // TorchSharp counts a tensor that became a Parameter for ever: those of the module above, and of the fit, which has a flat one too, and
        // of a custom network those of the modules that describe it.
        before = LiveTensorsTests.Live();
        using var model = Fit(network, data);
        Assert.AreEqual(before + parameters, LiveTensorsTests.Live());
    }

    /// <summary>The dimensions of a column say what a row is where the options do not.</summary>
    [TestMethod]
    public void A_column_with_dimensions_is_taken_by_them()
    {
        var random = new Random(1);
        float[][] rows = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 24).Select(_ => random.NextSingle()).ToArray())];
        Assert.AreEqual(InputShape.Image(2, 3, 4), Shape(Network.Convolutional(4), 2, 3, 4));
        Assert.AreEqual(InputShape.Signal(2, 12), Shape(Network.Convolutional(4), 2, 12));
        Assert.AreEqual(InputShape.Signal(1, 24), Shape(Network.Convolutional(4), 24));
        Assert.AreEqual(InputShape.Sequence(6, 4), Shape(Network.Recurrent(hidden: 4), 6, 4));
        Assert.AreEqual(InputShape.Sequence(24, 1), Shape(Network.Recurrent(hidden: 4), 24));

        InputShape? Shape(Network network, params int[] dimensions)
        {
            using var model = Fit(network, ShapedRows.Load(rows, dimensions));
            return model.Model.Network.Shape;
        }
    }

    /// <summary>Text → keys → network, in one file of ML.NET's and one of ONNX.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Keys_are_tokens(bool byAttention)
    {
        var data = ShapedRows.Sentences();
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Features", ShapedRows.Text).Append(_ml.BinaryClassification.Trainers.DeepNetwork(new()
        {
            Network = byAttention ? Network.Attention(16, 1, 2) : Network.Recurrent(RecurrentCell.Gru, 16),
            Optimizer = Optimizer.Adam(0.01), Epochs = 60, BatchSize = 20, Seed = Seed, Stability = StabilityPolicy.Warn,
        }));
        var model = pipeline.Fit(data);
        Assert.AreEqual(InputShape.Tokens(6, 7), model.LastTransformer.Model.Network.Shape);
        var fresh = ShapedRows.Sentences(rows: 200, seed: 9);
        Assert.IsGreaterThan(0.95, _ml.BinaryClassification.Evaluate(model.Transform(fresh)).Accuracy);

        var loaded = EveryTask.SaveAndLoad(model, data.Schema);
        var scored = loaded.Transform(fresh);
        EveryTask.AreClose(EveryTask.Scores(model, fresh), EveryTask.Scores(loaded, fresh), 1e-5);
        Assert.IsInstanceOfType<KeyDataViewType>(((VectorDataViewType)scored.Schema["Features"].Type).ItemType, "the tokens are keys again");
        Assert.IsFalse(scored.Schema.Any(column => column.Name.StartsWith(ScoreColumns.Own, StringComparison.Ordinal) && !column.IsHidden));

        _ml.Model.SaveAsOnnx(model, data, _file);
    }

    [TestMethod]
    public void A_gradient_over_time_is_measured_and_a_short_one_is_told()
    {
        const int steps = 60;
        var random = new Random(2);
        // The class stands in the first step alone.
        float[][] rows = [.. Enumerable.Range(0, 200).Select(row => Enumerable.Range(0, steps).Select(step => step == 0 ? 1 + row % 3 : 2 * random.NextSingle() - 1).ToArray())];
        var looks = new List<StepStatistics>();
        using var model = Fit(Network.Recurrent(RecurrentCell.Tanh, 8) with { RecurrentInitializer = Initializer.TruncatedNormal(0.1) }, ShapedRows.Load(rows, steps, 1), change: options =>
        {
            (options.Progress, options.ProgressSteps, options.StatisticsInterval, options.Detectors, options.Epochs) =
                (new EveryTask.Reports(p => looks.AddRange(p.Statistics is { } s ? [s] : [])), 1, 1, [Detector.ShortReach], 4);
        });
        CollectionAssert.AreEqual(Enumerable.Repeat(steps, looks.Count).ToArray(), looks.Select(look => look.GradientOverTime.Count).ToArray(), string.Join(" ", looks.Select(look => look.GradientOverTime.Count)));
        Assert.IsGreaterThan(1e3, looks[0].GradientOverTime[^1] / looks[0].GradientOverTime[0]);
        var finding = model.Model.Summary.Findings.Single();
        Assert.AreEqual("Vanishing gradient over time", finding.Kind);
        StringAssert.Matches(finding.Evidence, new(@"the gradient reaches back \d+ of 60 steps"));
        Assert.AreEqual("Recurrence", finding.CauseName);
        Assert.IsInstanceOfType<UseGatedCells>(finding.Remedies[0]);
    }

    private DeepNetworkTransformer Fit(Network network, IDataView data, ITransformer? previous = null, Action<DeepNetworkMulticlassTrainer.Options>? change = null)
    {
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = network, Optimizer = Optimizer.Adam(0.01), Epochs = 3, BatchSize = 16, Seed = Seed, Stability = StabilityPolicy.Warn,
        };
        change?.Invoke(options);
        return _ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data, previous);
    }
}
