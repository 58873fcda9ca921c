namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class ContinuingTests
{
    private readonly MLContext _ml = new(seed: 1);

    public enum Source { Transformer, Pipeline, Loaded }

    public static IEnumerable<object[]> Cases() =>
        from task in new[] { EveryTask.Binary, EveryTask.Multiclass, EveryTask.Regression } from source in Enum.GetValues<Source>() select new object[] { task, source };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Training_starts_where_it_ended(string task, Source source)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        var (fresh, next) = (new EveryTask.Reports(), new EveryTask.Reports());
        using var model = EveryTask.Fit(_ml, task, data, o => o.Progress = fresh);
        ITransformer previous = source switch
        {
            Source.Transformer => model,
            Source.Pipeline => _ml.Transforms.CopyColumns("Again", "Features").Fit(data).Append(model),
            _ => EveryTask.SaveAndLoad(model, data.Schema),
        };
        using var continued = EveryTask.Fit(_ml, task, data, o =>
        {
            o.Progress = next;
            o.Optimizer = Optimizer.Adam(0.001);
        }, previous);
        var (start, end) = (fresh.Seen[0].Loss, fresh.Seen[^1].Loss);
        Assert.IsLessThan(start / 2, end);
        Assert.AreEqual(end, next.Seen[0].Loss, 0.1 * start);
        Assert.IsLessThan(1.1 * end, continued.Model.Summary.Loss);
    }

    /// <summary>With steps of no size the model stays the same, though the new data has features and targets of another scale.</summary>
    [TestMethod]
    [DynamicData(nameof(EveryTask.All), typeof(EveryTask))]
    public void The_scaling_of_features_and_targets_is_kept(string task)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = EveryTask.Fit(_ml, task, data, Normalized);
        var others = EveryTask.Rows(100, seed: 9);
        foreach (var row in others)
            (row.Features, row.Number) = ([.. row.Features.Select(x => 10 * x + 3)], 7 * row.Number + 500);
        using var continued = EveryTask.Fit(_ml, task, EveryTask.Load(_ml, others), o =>
        {
            Normalized(o);
            o.Epochs = 1;
            o.Optimizer = Optimizer.Sgd(1e-12);
            o.Stability = StabilityPolicy.Warn;
        }, model);
        EveryTask.AreClose(EveryTask.Scores(model, data), EveryTask.Scores(continued, data), 1e-4);

        static void Normalized(SupervisedOptions options) => options.Epochs = 5;
    }

    [TestMethod]
    public void Running_statistics_of_batch_normalization_go_on_too()
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = EveryTask.Fit(_ml, EveryTask.Binary, data, Normalized);
        EveryTask.IsTakenUp(model, EveryTask.SaveAndLoad(model, data.Schema));

        static void Normalized(SupervisedOptions options) =>
            (options.Network, options.Epochs) = (Network.FeedForward(8, 8) with { Normalization = Normalization.Batch, Residual = Residual.Identity }, 3);
    }

    [TestMethod]
    public void A_regression_learns_on_in_the_unit_of_its_first_targets()
    {
        var rows = EveryTask.Rows();
        using var model = EveryTask.Fit(_ml, EveryTask.Regression, EveryTask.Load(_ml, rows));
        foreach (var row in rows)
            row.Number += 3;
        var moved = EveryTask.Load(_ml, rows);
        using var continued = EveryTask.Fit(_ml, EveryTask.Regression, moved, previous: model);
        Assert.IsGreaterThan(0.97, _ml.Regression.Evaluate(continued.Transform(moved), "Number").RSquared);
        Assert.IsLessThan(0.9, _ml.Regression.Evaluate(model.Transform(moved), "Number").RSquared);
    }

    /// <summary>What decides a forward pass beside the parts and what is learnt: attributes of a node, constants, first values of what is learnt later.</summary>
    public static IEnumerable<object[]> OtherNumbers() =>
        from pair in (FeedForwardNetwork[][])
        [
            [Network.FeedForward(16, 16) with { Activation = Activation.LeakyRelu(0.1) }, Network.FeedForward(16, 16) with { Activation = Activation.LeakyRelu(0.2) }],
            [Network.FeedForward(16, 16) with { Activation = Activation.Elu(1) }, Network.FeedForward(16, 16) with { Activation = Activation.Elu(0.5) }],
            [Network.FeedForward(16, 16) with { Activation = Activation.PRelu() }, Network.FeedForward(16, 16) with { Activation = Activation.PRelu(0.5) }],
            [Network.FeedForward(16, 16) with { Activation = Activation.HardTanh(-1, 1) }, Network.FeedForward(16, 16) with { Activation = Activation.HardTanh(-2, 1) }],
            [Network.FeedForward(16, 16), Network.FeedForward(16, 16) with { Normalization = Normalization.Layer with { Epsilon = 1e-3 } }],
            [Network.FeedForward(16, 16) with { Normalization = Normalization.Batch }, Network.FeedForward(16, 16) with { Normalization = Normalization.Batch with { Epsilon = 1e-3 } }],
            [Network.FeedForward(16, 16) with { Normalization = Normalization.Rms }, Network.FeedForward(16, 16) with { Normalization = Normalization.Rms with { Epsilon = 1e-3 } }],
            [Network.FeedForward(16, 16) with { Normalization = Normalization.Group(4) }, Network.FeedForward(16, 16) with { Normalization = Normalization.Group(2) }],
            [Network.FeedForward(16, 16) with { WeightParametrization = WeightParametrization.WeightStandardization },
                Network.FeedForward(16, 16) with { WeightParametrization = WeightParametrization.WeightStandardization with { Epsilon = 1e-2 } }],
            [Network.FeedForward(16, 16) with { Residual = Residual.Gated(0.1) }, Network.FeedForward(16, 16) with { Residual = Residual.Gated(1) }],
        ]
        select new object[] { pair[0], pair[1] };

    [TestMethod]
    [DynamicData(nameof(OtherNumbers))]
    public void A_network_that_computes_otherwise_is_refused(FeedForwardNetwork network, FeedForwardNetwork other)
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        using var model = EveryTask.Fit(_ml, EveryTask.Binary, data, o => (o.Network, o.Epochs) = (network, 1));
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => EveryTask.Fit(_ml, EveryTask.Binary, data, o => (o.Network, o.Epochs) = (other, 1), model));
        StringAssert.Contains(error.Message, "The previous model is of another form");
        using var continued = EveryTask.Fit(_ml, EveryTask.Binary, data, o => (o.Network, o.Epochs) = (network, 1), model);
    }

    [TestMethod]
    public void What_acts_in_training_alone_may_change()
    {
        var data = EveryTask.Load(_ml, EveryTask.Rows());
        var network = Network.FeedForward(16, 16) with { Residual = Residual.Identity };
        using var model = EveryTask.Fit(_ml, EveryTask.Binary, data, o => (o.Network, o.Epochs) = (network, 1));
        using var continued = EveryTask.Fit(_ml, EveryTask.Binary, data, o =>
            (o.Network, o.Epochs) = (network with { Dropout = 0.2, Residual = Residual.Identity with { StochasticDepth = 0.3 } }, 1), model);
    }
}
