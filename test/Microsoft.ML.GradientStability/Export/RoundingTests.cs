namespace Microsoft.ML.GradientStability.Tests.Export;

/// <summary>Networks whose layers amplify differences score a little differently in ONNX Runtime; that is no reason to lose them.</summary>
[TestClass]
public sealed class RoundingTests
{
    /// <summary>Isometric weights times 8 and tanh: each of 12 layers multiplies a small difference several times.</summary>
    private static readonly FeedForwardNetwork s_chaotic =
        Network.FeedForward([.. Enumerable.Repeat(32, 12)]) with { Activation = Activation.Tanh, Normalization = Normalization.None };

    [TestMethod]
    public void A_network_that_amplifies_rounding_is_kept_with_a_warning()
    {
        var ml = new MLContext(seed: 1);
        var warnings = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Kind == Runtime.ChannelMessageKind.Warning && e.RawMessage.StartsWith("The scores hang on rounding", StringComparison.Ordinal))
                warnings.Add(e.RawMessage);
        };
        var options = Samples.Small();
        (options.Network, options.Initializer, options.Detectors) = (s_chaotic, Initializer.Orthogonal with { Gain = 8 }, []);
        (options.Optimizer, options.Epochs) = (Optimizer.Sgd(1e-9), 1);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml));
        Assert.HasCount(1, warnings);
    }

    /// <summary>The first row is 0 and so is all that tanh makes of it; rounding shows from the second on, which is in another batch.</summary>
    [TestMethod]
    public void Batches_of_one_row_are_compared_as_far_as_any_others()
    {
        var ml = new MLContext(seed: 1);
        var warnings = 0;
        ml.Log += (_, e) => warnings += e.RawMessage?.StartsWith("The scores hang on rounding", StringComparison.Ordinal) == true ? 1 : 0;
        var rows = EveryTask.Rows(80);
        rows[0].Features = [0, 0, 0];
        EveryTask.Fit(ml, EveryTask.Regression, EveryTask.Load(ml, rows), options =>
        {
            (options.Network, options.Initializer, options.Detectors) = (s_chaotic, Initializer.Orthogonal with { Gain = 8 }, []);
            (options.Optimizer, options.Epochs, options.BatchSize, options.StandardizeFeatures) = (Optimizer.Sgd(1e-25), 1, 1, false);
        }).Dispose();
        Assert.AreEqual(1, warnings);
    }

    /// <summary>
    /// Units with the same weights have the same outputs, of which group normalization makes 0, whatever the features; it is rounding in the
    /// units that it enlarges.
    /// </summary>
    [TestMethod]
    public void Noise_stands_for_rounding_inside_the_network_and_leaves_nothing_behind()
    {
        var rows = Samples.RandomRows(64, 4, 3);
        var network = Network.FeedForward(8, 8) with { Normalization = Normalization.Group(2) with { Epsilon = 1e-12 } };
        var objective = new BinaryObjective(1, 0.5);
        using var module = objective.CreateModule(network, 4, Initializer.Constant(0.1));
        var graph = new OnnxGraph();
        objective.WriteOnnx(graph, module, graph.Input("Features", 4));
        using var scorer = new OnnxScorer(graph.ToBytes([]), threads: 1);
        using var check = new ParityCheck(module, objective, scorer, 1e-4);
        rows.Features.AsSpan(0, 4).CopyTo(check.NextRow(4));
        check.Finish();
        var weights = Weights();
        Assert.IsGreaterThan(1e-7, check.EffectOfNoise());
        CollectionAssert.AreEqual(weights, Weights());

        float[] Weights() => [.. module.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }

    [TestMethod]
    public void A_network_whose_scores_are_no_numbers_is_no_model()
    {
        var ml = new MLContext(seed: 1);
        var error = Assert.ThrowsExactly<GradientStabilityException>(() => EveryTask.Fit(ml, EveryTask.Regression, EveryTask.Load(ml, EveryTask.Rows(40)), options =>
        {
            (options.Network, options.Optimizer, options.Clipping) = (Network.FeedForward(8, 8) with { Normalization = Normalization.None }, Optimizer.Sgd(1e30), GradientClipper.None);
            (options.Stability, options.Epochs, options.BatchSize) = (StabilityPolicy.Warn, 1, 40);
        }));
        StringAssert.Contains(error.Message, "scores are NaN or infinite");
    }

    [TestMethod]
    public void Noise_has_the_effect_that_the_slope_gives_it()
    {
        var rows = Samples.RandomRows(64, 4, 3);
        using var module = rows.Objective.CreateModule(Network.FeedForward(8), 4, Initializer.HeUniform);
        var graph = new OnnxGraph();
        rows.Objective.WriteOnnx(graph, module, graph.Input("Features", 4));
        using var scorer = new OnnxScorer(graph.ToBytes([]), threads: 1);
        using var check = new ParityCheck(module, rows.Objective, scorer, 1e-4);
        for (var row = 0; row < rows.Count; row++)
            rows.Features.AsSpan(row * 4, 4).CopyTo(check.NextRow(4));
        Assert.IsTrue(check.Finish().Holds);
        // A shallow network changes its probabilities by less than the noise times a factor of its weights, and by more than nothing.
        Assert.IsLessThan(1e-5, check.EffectOfNoise());
        Assert.IsGreaterThan(1e-8, check.EffectOfNoise());
    }
}
