using Microsoft.ML.GradientStability.Tests.Optimization.Optimizers;
using Microsoft.ML.GradientStability.Tests.Networks;
using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>Counts native tensors, which the garbage collector does not see.</summary>
[TestClass]
[DoNotParallelize]
public sealed class LiveTensorsTests
{
    [TestMethod]
    [DynamicData(nameof(OptimizerTests.All), typeof(OptimizerTests))]
    public void A_fit_leaves_as_many_live_tensors_as_it_found(object optimizer)
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        var options = Samples.Small();
        options.Network = Network.FeedForward(8, 4) with { Normalization = Normalization.Batch, Residual = Residual.Identity, Dropout = 0.1 };
        options.Optimizer = (Optimizer)optimizer;
        options.ValidationFraction = 0.2;

        var before = OverCount(options.Network) + Live();
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data);
        Assert.AreEqual(before, Live(), "after Fit");
        ml.MulticlassClassification.Evaluate(model.Transform(data));
        Assert.AreEqual(before, Live(), "after scoring");
    }

    [TestMethod]
    public void A_fit_that_was_stopped_leaves_none_either()
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        var options = Samples.Small();
        options.Network = Network.FeedForward([.. Enumerable.Repeat(16, 40)]) with { Normalization = Normalization.None };
        options.Initializer = Initializer.XavierNormal with { Gain = 30 };
        options.Clipping = GradientClipper.None;

        var before = OverCount(options.Network) + Live();
        Assert.ThrowsExactly<GradientStabilityException>(() => ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data));
        Assert.AreEqual(before, Live());
    }

    /// <summary>It makes its network twice, the second time on the host.</summary>
    [TestMethod]
    public void A_fit_on_a_device_leaves_none_there()
    {
        var ofHost = Left(null);
        Assert.AreEqual(2 * ofHost, Left(torch.CPU));

        static long Left(torch.Device? device)
        {
            var before = Live();
            DeviceFormTests.Fit(device);
            return Live() - before;
        }
    }

    [TestMethod]
    [DataRow(10.0)]
    [DataRow(1e30)]
    public void A_range_test_leaves_none_wherever_it_ends(double highest)
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        var options = Samples.Small();
        options.Network = Network.FeedForward(8, 4) with { Normalization = Normalization.Batch, Residual = Residual.Identity, Dropout = 0.1 };
        options.AccumulationSteps = 2;

        var before = OverCount(options.Network) + Live();
        ml.MulticlassClassification.Trainers.DeepNetwork(options).FindLearningRate(data, highest: highest);
        Assert.AreEqual(before, Live());
    }

    public static IEnumerable<object[]> Parts()
    {
        var network = Network.FeedForward(16, 24, 24) with { Residual = Residual.Gated() with { BranchLayers = 2, StochasticDepth = 0.2 }, Dropout = 0.1 };
        foreach (var normalization in Known.All<Normalization>())
            yield return [network with { Normalization = normalization is GroupNormalization ? Normalization.Group(4) : normalization }];
        foreach (var parametrization in Known.All<WeightParametrization>())
            yield return [network with { WeightParametrization = parametrization, Residual = Residual.Projection with { PostNorm = true } }];
        foreach (var activation in Known.All<Activation>())
            yield return [network with { Activation = activation, Normalization = Normalization.None }];
    }

    [TestMethod]
    [DynamicData(nameof(Parts))]
    public void No_part_of_a_network_leaves_any(FeedForwardNetwork network)
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        var options = Samples.Small();
        (options.Network, options.Initializer, options.Epochs, options.EmaDecay) = (network, Initializer.Lsuv, 2, 0.9);
        options.Stability = StabilityPolicy.Warn;

        var before = OverCount(network) + Live();
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data);
        Assert.AreEqual(before, Live(), "after Fit");
    }

    /// <summary>
    /// TorchSharp counts a tensor that became a Parameter for ever (Upstream/ParameterTests): those of the network, and the flat one.
    /// </summary>
    private static long OverCount(Network network)
    {
        using var module = ((FeedForwardNetwork)network).CreateModule(2, 3, Initializer.Default);
        return module.parameters().Count() + 1;
    }

    internal static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
