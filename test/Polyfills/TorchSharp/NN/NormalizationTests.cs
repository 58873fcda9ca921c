using System.Runtime.InteropServices;

namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class NormalizationTests : TorchTests
{
    [TestMethod]
    public void Layer_norm_gives_each_row_mean_zero_and_variance_one()
    {
        var layer = LayerNorm(3, eps: 0);
        var root = Math.Sqrt(1.5);
        AreNear([-root, 0, root, -root, 0, root], layer.forward(tensor(new float[] { 1, 2, 3, 10, 30, 50 }, 2, 3)));
        CollectionAssert.AreEqual(new[] { "weight", "bias" }, layer.named_parameters().Select(p => p.name).ToArray());
        AreNear([1, 1, 1], layer.weight!);
        AreNear([0, 0, 0], layer.bias!);
    }

    [TestMethod]
    public void Layer_norm_scales_and_shifts_and_can_go_without()
    {
        var layer = LayerNorm([2L], eps: 0);
        using (no_grad())
        {
            layer.weight!.copy_(tensor(new float[] { 2, 3 }));
            layer.bias!.fill_(1);
        }
        AreNear([-1, 4], layer.forward(tensor(new float[] { 5, 7 })));
        Assert.IsEmpty(LayerNorm(3, elementwise_affine: false).parameters().ToList());
        Assert.IsNull(LayerNorm(3, bias: false).bias);
        Assert.ThrowsExactly<ExternalException>(() => LayerNorm(3).forward(ones(1, 4)));
    }

    [TestMethod]
    public void Batch_norm_trains_on_the_batch_and_evaluates_on_the_running_statistics()
    {
        var layer = BatchNorm1d(2, eps: 0);
        var x = tensor(new float[] { 1, 10, 3, 30 }, 2, 2);
        AreNear([-1, -1, 1, 1], layer.forward(x));
        AreNear([0.2, 2], layer.running_mean!);
        AreNear([0.9 + 0.1 * 2, 0.9 + 0.1 * 200], layer.running_var!);
        Assert.AreEqual(1L, layer.num_batches_tracked!.item<long>());
        layer.eval();
        AreNear([(1 - 0.2) / Math.Sqrt(1.1), (10 - 2) / Math.Sqrt(20.9), (3 - 0.2) / Math.Sqrt(1.1), (30 - 2) / Math.Sqrt(20.9)],
            layer.forward(x));
        Assert.AreEqual(1L, layer.num_batches_tracked!.item<long>());
    }

    [TestMethod]
    public void Batch_norm_lists_its_statistics_as_buffers()
    {
        var layer = BatchNorm1d(4);
        CollectionAssert.AreEqual(new[] { "weight", "bias" }, layer.named_parameters().Select(p => p.name).ToArray());
        CollectionAssert.AreEqual(new[] { "running_mean", "running_var", "num_batches_tracked" },
            layer.named_buffers().Select(b => b.name).ToArray());
        layer.forward(randn(8, 4));
        layer.reset_running_stats();
        AreNear([0, 0, 0, 0], layer.running_mean!);
        AreNear([1, 1, 1, 1], layer.running_var!);
        Assert.IsEmpty(BatchNorm1d(4, track_running_stats: false).named_buffers().ToList());
        Assert.IsNull(BatchNorm1d(4, affine: false).weight);
    }

    [TestMethod]
    public void Batch_norm_refuses_what_has_no_statistics()
    {
        Assert.ThrowsExactly<ArgumentException>(() => BatchNorm1d(4).forward(ones(4)));
        Assert.ThrowsExactly<ExternalException>(() => BatchNorm1d(4).forward(ones(1, 4)));
    }
}
