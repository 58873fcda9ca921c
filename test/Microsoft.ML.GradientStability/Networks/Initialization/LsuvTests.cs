using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class LsuvTests
{
    private const int Inputs = 10, Outputs = 8;

    public static IEnumerable<object[]> Cases() =>
        from residual in Known.All<Residual>().Prepend(null)
        from post in residual is null ? new[] { false } : [false, true]
        from scaled in new[] { false, true }
        select new object[] { residual is null ? null! : residual with { PostNorm = post, BranchLayers = 2 }, scaled };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Every_layer_gives_unit_variance_on_the_batch(Residual? residual, bool scaled)
    {
        using var scope = NewDisposeScope();
        var network = Network.FeedForward(16, 16, 12, 12) with { Activation = Activation.Tanh, Normalization = Normalization.None, Residual = residual };
        using var module = network.CreateModule(Inputs, Outputs, Initializer.Lsuv);
        var x = Plain.Random(60, Inputs, seed: 3, scale: 40, shift: 5);
        var seen = x;
        if (scaled)
        {
            // Mean 5; 23.1 is the standard deviation of a uniform distribution in ±40.
            module.ScaleInput([.. Enumerable.Repeat(5f, Inputs)], [.. Enumerable.Repeat(1 / 23.1f, Inputs)], new float[Inputs]);
            seen = [.. x.Select(row => row.Select(v => (v - 5) / 23.1).ToArray())];
        }
        int[][] blocks = residual is null ? [] : [[2, 3], [4]];
        var before = Variances();
        Assert.IsGreaterThan(0.1, before.Max(v => Math.Abs(v - 1)));

        Initializer.Lsuv.Adapt(module, Plain.Tensor(x), Cancellation.None);
        foreach (var variance in Variances())
            Assert.AreEqual(1, variance, 0.1);
        (Initializer.Lsuv with { Tolerance = 1e-3, Tries = 30 }).Adapt(module, Plain.Tensor(x), Cancellation.None);
        foreach (var variance in Variances())
            Assert.AreEqual(1, variance, 1.1e-3);

        double[] Variances()
        {
            var plain = new PlainNetwork(module, network);
            plain.Forward(seen, blocks);
            return [.. plain.LinearOutputs.Select(Plain.Variance)];
        }
    }

    /// <summary>Scaling alone: the rows of a layer stay at right angles and of one length.</summary>
    [TestMethod]
    public void Weights_stay_orthogonal()
    {
        using var scope = NewDisposeScope();
        using var module = (Network.FeedForward(6) with { Normalization = Normalization.None }).CreateModule(Inputs, 2, Initializer.Lsuv);
        Initializer.Lsuv.Adapt(module, Plain.Tensor(Plain.Random(50, Inputs, seed: 3, scale: 9)), Cancellation.None);
        var weights = Plain.Matrix(module.Layers[0].parameters().First());
        var square = Plain.Dot(weights[0], weights[0]);
        for (var i = 0; i < 6; i++)
            for (var j = 0; j < 6; j++)
                Assert.AreEqual(i == j ? 1 : 0, Plain.Dot(weights[i], weights[j]) / square, 1e-5);
    }

    public static IEnumerable<object[]> Parametrizations() => Known.All<WeightParametrization>().Select(p => new object[] { p });

    /// <summary>Lengths are scaled where they are trained apart; where the scale is held by construction there is nothing to do.</summary>
    [TestMethod]
    [DynamicData(nameof(Parametrizations))]
    public void It_scales_what_is_free_to_be_scaled(WeightParametrization parametrization)
    {
        using var scope = NewDisposeScope();
        var network = Network.FeedForward(8, 8) with { Normalization = Normalization.None, WeightParametrization = parametrization };
        using var module = network.CreateModule(Inputs, 2, Initializer.Lsuv);
        var x = Plain.Tensor(Plain.Random(50, Inputs, seed: 3, scale: 9));
        var before = module.Layers[0].parameters().SelectMany(Plain.Vector).ToArray();
        Initializer.Lsuv.Adapt(module, x, Cancellation.None);
        if (parametrization is WeightStandardization or SpectralNormalization)
            CollectionAssert.AreEqual(before, module.Layers[0].parameters().SelectMany(Plain.Vector).ToArray());
        else
            foreach (var layer in module.Layers)
                Assert.AreEqual(1, Plain.Variance(Plain.Matrix(Plain.LinearOutput(module, layer, x))), 0.1, layer.Name);
    }

    /// <summary>A batch that says nothing leaves the weights alone.</summary>
    [TestMethod]
    public void Rows_of_zeros_change_nothing()
    {
        using var scope = NewDisposeScope();
        using var module = (Network.FeedForward(4) with { Normalization = Normalization.None }).CreateModule(Inputs, 2, Initializer.Lsuv);
        var before = module.parameters().SelectMany(Plain.Vector).ToArray();
        Initializer.Lsuv.Adapt(module, zeros(5, Inputs), Cancellation.None);
        CollectionAssert.AreEqual(before, module.parameters().SelectMany(Plain.Vector).ToArray());
    }

    [TestMethod]
    public void A_fit_adapts_to_its_first_rows()
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        var options = Samples.Small();
        options.Network = Network.FeedForward(8, 8, 8) with { Normalization = Normalization.None };
        (options.Initializer, options.Epochs) = (Initializer.Lsuv, 20);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data);
        Assert.IsGreaterThan(0.95, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }
}
