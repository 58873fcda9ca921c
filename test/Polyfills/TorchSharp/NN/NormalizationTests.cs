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

    // Two instances, two channels, three steps.
    private static Tensor Instances => tensor(new float[] { 1, 2, 3, 10, 30, 50, 0, 0, 3, -4, -2, 0 }, [2, 2, 3]);

    [TestMethod]
    public void Group_norm_normalizes_each_group_of_channels()
    {
        var layer = GroupNorm(2, 2, eps: 0);
        var (root, step) = (Math.Sqrt(1.5), Math.Sqrt(0.5));
        double[] single = [-root, 0, root, -root, 0, root, -step, -step, 2 * step, -root, 0, root];
        AreNear(single, layer.forward(Instances));
        CollectionAssert.AreEqual(new[] { "weight", "bias" }, layer.named_parameters().Select(p => p.name).ToArray());
        AreNear([1, 1], layer.weight!);
        AreNear([0, 0], layer.bias!);
        var joint = GroupNorm(1, 2, eps: 0).forward(Instances)[1];
        AreNear(0, joint.mean());
        AreNear(1, joint.square().mean());
        AreNear(1, joint[0, 0] - joint[1, 2] + 1);
        using (no_grad())
        {
            layer.weight![1].fill_(2);
            layer.bias![1].fill_(1);
        }
        AreNear([-2 * root + 1, 1, 2 * root + 1], layer.forward(Instances)[0, 1]);
        AreNear(single, GroupNorm(2, 2, 0, affine: false).forward(Instances));
        AreNear(single, functional.group_norm(Instances, 2, eps: 0));
    }

    [TestMethod]
    public void Group_norm_wants_a_dimension_beside_its_channels_and_its_function_does_not()
    {
        Assert.ThrowsExactly<ArgumentException>(() => GroupNorm(1, 3).forward(ones(2, 3)));
        Assert.ThrowsExactly<ExternalException>(() => GroupNorm(2, 3).forward(ones(2, 3, 1)));
        Assert.IsNull(GroupNorm(1, 3, affine: false).weight);
        Assert.ThrowsExactly<ArgumentNullException>(() => GroupNorm(1, 3).bias = null);
        var root = Math.Sqrt(1.5);
        AreNear([-root, 0, root], functional.group_norm(tensor(new float[] { 1, 2, 3 }, 1, 3), 1, ones(3), zeros(3), eps: 0));
    }

    [TestMethod]
    public void Instance_norm_normalizes_each_channel_of_each_instance()
    {
        var layer = InstanceNorm1d(2, eps: 0);
        var (root, step) = (Math.Sqrt(1.5), Math.Sqrt(0.5));
        double[] expected = [-root, 0, root, -root, 0, root, -step, -step, 2 * step, -root, 0, root];
        AreNear(expected, layer.forward(Instances));
        layer.eval();
        AreNear(expected, layer.forward(Instances));
        // Two dimensions are the channels and steps of one instance.
        AreNear(expected[..6], layer.forward(Instances[0]));
        AreNear(expected, functional.instance_norm(Instances, eps: 0));
        Assert.IsEmpty(layer.parameters().ToList());
        Assert.IsEmpty(layer.buffers().ToList());
        Assert.IsNull(layer.weight);
        Assert.IsNull(layer.running_mean);
        Assert.ThrowsExactly<ArgumentException>(() => layer.forward(ones(4)));
        // A single step has nothing to deviate from; that is no error.
        AreNear([0, 0, 0, 0], InstanceNorm1d(2).forward(ones(2, 2, 1)));
    }

    [TestMethod]
    public void Instance_norm_scales_shifts_and_tracks_where_asked()
    {
        var layer = InstanceNorm1d(2, eps: 0, affine: true, track_running_stats: true);
        CollectionAssert.AreEqual(new[] { "weight", "bias" }, layer.named_parameters().Select(p => p.name).ToArray());
        CollectionAssert.AreEqual(new[] { "running_mean", "running_var", "num_batches_tracked" },
            layer.named_buffers().Select(b => b.name).ToArray());
        using (no_grad())
        {
            layer.weight!.fill_(2);
            layer.bias!.copy_(tensor(new float[] { 0, 1 }));
        }
        AreNear([-2 * Math.Sqrt(1.5) + 1, 1, 2 * Math.Sqrt(1.5) + 1], layer.forward(Instances)[0, 1]);
        // Each instance's mean and unbiased variance, averaged, enter with a tenth; nothing is counted.
        AreNear([0.1 * 1.5, 0.1 * 14], layer.running_mean!);
        AreNear([0.9 + 0.1 * 2, 0.9 + 0.1 * 202], layer.running_var!);
        AreNear(0, layer.num_batches_tracked!);
        layer.eval();
        AreNear([2 * (3 - 0.15) / Math.Sqrt(1.1)], layer.forward(Instances)[0, 0, 2]);
        layer.reset_running_stats();
        AreNear([0, 0], layer.running_mean!);
        AreNear([1, 1], layer.running_var!);
    }

    [TestMethod]
    public void Gradients_reach_inputs_weights_and_biases()
    {
        foreach (var layer in new nn.Module<Tensor, Tensor>[] { GroupNorm(1, 2), InstanceNorm1d(2, affine: true) })
        {
            var x = Instances.requires_grad_();
            (layer.forward(x) * arange(12, float32).view(2, 2, 3)).sum().backward();
            // Neither a shift nor, but for eps, a scaling of the input changes what comes out.
            AreNear(0, x.grad!.sum(), 1e-4);
            AreNear(0, (x.grad * x).sum(), 1e-3);
            Assert.IsGreaterThan(0.01f, x.grad.abs().max().item<float>());
            var gradients = layer.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!);
            AreNear([0 + 1 + 2 + 6 + 7 + 8, 3 + 4 + 5 + 9 + 10 + 11], gradients["bias"]);
            Assert.IsGreaterThan(0.01f, gradients["weight"].abs().max().item<float>());
        }
    }

    [TestMethod]
    public void Normalizations_are_moved_with_what_they_hold()
    {
        foreach (var layer in new nn.Module<Tensor, Tensor>[] { GroupNorm(1, 2, dtype: float64), InstanceNorm1d(2, affine: true,
            track_running_stats: true, dtype: float64) })
        {
            Assert.AreEqual(float64, layer.forward(Instances.to(float64)).dtype);
            Assert.IsTrue(layer.parameters().All(p => p.dtype == float64 && p.requires_grad));
        }
    }
}
