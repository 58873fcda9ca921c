using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>Counts native tensors, which the garbage collector does not see.</summary>
[TestClass]
[DoNotParallelize]
public sealed class LiveTensorsTests
{
    [TestMethod]
    [DataRow("sgd")]
    [DataRow("adam")]
    public void A_fit_leaves_as_many_live_tensors_as_it_found(string optimizer)
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        var options = Samples.Small();
        options.Network = Network.FeedForward(8, 4) with { Normalization = Normalization.Batch, Residual = true, Dropout = 0.1 };
        options.Optimizer = optimizer == "sgd" ? Optimizer.Sgd(momentum: 0.9) : Optimizer.Adam();
        options.ValidationFraction = 0.2;

        var before = OverCount() + Live();
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

        var before = OverCount() + Live();
        Assert.ThrowsExactly<GradientStabilityException>(() => ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data));
        Assert.AreEqual(before, Live());
    }

    /// <summary>
    /// TorchSharp 0.102.7 counts the tensor that becomes a Parameter for ever. A fit makes one Parameter itself, the flat one; layer
    /// normalization, which makes more, is left out here.
    /// </summary>
    private static long OverCount()
    {
        var before = Live();
        new TorchSharp.Modules.Parameter(torch.zeros(1)).Dispose();
        return Live() - before;
    }

    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
