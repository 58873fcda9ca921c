using System.Runtime.InteropServices;

namespace GradientStability.Polyfills.TorchSharp.Tests.Autograd;

[TestClass]
public sealed class AutogradTests : TorchTests
{
    [TestMethod]
    public void Gradients_agree_with_finite_differences()
    {
        Func<Tensor, Tensor>[] functions =
        [
            x => (x.tanh() * x.exp()).sum(), x => x.sigmoid().square().mean(), x => x.softmax(1).log().sum(), x => x.abs().sqrt().sum(),
            x => x.matmul(x.t()).norm(), x => x.log_softmax(1).select(1, 0).sum(), x => (x / (x.square() + 1.0)).sum(), x => x.std(1).sum(),
            x => functional.layer_norm(x, [3]).pow(3).sum(), x => x.narrow(1, 1, 2).max(1).values.sum(), x => x.clamp(-0.5, 0.5).sum(),
        ];
        foreach (var function in functions)
        {
            var x = randn(2, 3, float64).requires_grad_();
            function(x).backward();
            var gradient = x.grad!.data<double>().ToArray();
            for (var i = 0; i < 6; i++) Assert.AreEqual(Slope(function, x.detach(), i), gradient[i], 1e-6);
        }
    }

    private static double Slope(Func<Tensor, Tensor> function, Tensor x, int i)
    {
        double At(double step)
        {
            var moved = x.clone();
            moved.data<double>()[i / 3, i % 3] += step;
            return function(moved).item<double>();
        }
        return (At(1e-6) - At(-1e-6)) / 2e-6;
    }

    [TestMethod]
    public void Gradients_accumulate_in_place_in_the_assigned_tensor()
    {
        var x = tensor(new float[] { 1, 2 }, requires_grad: true);
        var kept = zeros(4);
        x.grad = kept.narrow(0, 1, 2);
        (x * x).sum().backward();
        (x * 3.0).sum().backward();
        AreNear([0, 5, 7, 0], kept);
        x.grad = null;
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void A_gradient_is_a_new_wrapper_of_the_same_memory()
    {
        var x = ones(1, requires_grad: true);
        Assert.IsNull(x.grad);
        x.sum().backward();
        var first = x.grad;
        Assert.AreNotSame(first, x.grad);
        x.grad!.fill_(5);
        AreNear(5, x.grad);
    }

    [TestMethod]
    public void Without_gradients_nothing_is_recorded()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.IsFalse(is_grad_enabled());
            Assert.IsFalse((x * 2).requires_grad);
            using (enable_grad()) Assert.IsTrue((x * 2).requires_grad);
            x.add_(1);
        }
        Assert.IsTrue(is_grad_enabled());
        using (set_grad_enabled(false)) Assert.IsFalse((x * 2).requires_grad);
        Assert.IsFalse(x.detach().requires_grad);
        Assert.ThrowsExactly<ExternalException>(() => x.add_(1));
        Assert.ThrowsExactly<ExternalException>(() => ones(1).backward());
    }

    [TestMethod]
    public void Leaves_are_told_from_results()
    {
        var x = ones(2).requires_grad_();
        var y = x * 2;
        Assert.IsTrue(x.is_leaf);
        Assert.IsFalse(y.is_leaf);
        y.retain_grad();
        (y * y).sum().backward();
        AreNear([4, 4], y.grad!);
        AreNear([8, 8], x.grad!);
    }

    [TestMethod]
    public void A_tensor_that_was_converted_while_it_was_made_is_no_leaf()
    {
        using var scope = NewDisposeScope();
        Assert.IsTrue(tensor(new[] { 1.0 }, requires_grad: true).is_leaf);
        var converted = tensor(new[] { 1.0 }, dtype: ScalarType.Float32, requires_grad: true);
        Assert.IsTrue(converted.requires_grad);
        Assert.IsFalse(converted.is_leaf);
    }
}
