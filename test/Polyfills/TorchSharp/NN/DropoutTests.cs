using System.Runtime.InteropServices;

namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class DropoutTests : TorchTests
{
    [TestMethod]
    public void Dropout_drops_at_its_rate_scales_the_rest_and_rests_in_evaluation()
    {
        var layer = Dropout(0.3);
        var x = ones(100_000);
        var dropped = layer.forward(x);
        Assert.AreEqual(0.3, dropped.eq(0).to_type(float32).mean().item<float>(), 0.01);
        Assert.AreEqual(1 / 0.7, dropped.max().item<float>(), 1e-5);
        layer.eval();
        AreSame(x, layer.forward(x));
        AreSame(zeros(3), functional.dropout(ones(3), 1));
    }

    [TestMethod]
    public void Alpha_dropout_saturates_at_its_rate_and_shifts_and_scales_the_rest()
    {
        // Klambauer et al.: a (x d + s (1 - d)) + b, where s is what SELU tends to and a and b restore mean zero and variance one.
        const double p = 0.2, s = -1.0507009873554805 * 1.6732632423543772;
        var a = 1 / Math.Sqrt((1 - p) * (1 + p * s * s));
        var (kept, dropped) = (a * 2 - a * p * s, a * s - a * p * s);
        var layer = AlphaDropout(p);
        var x = full(100_000, 2, float32);
        var y = layer.forward(x);
        Assert.AreEqual(kept, y.max().item<float>(), 1e-5);
        Assert.AreEqual(dropped, y.min().item<float>(), 1e-5);
        Assert.AreEqual(p, y.lt(0).to_type(float32).mean().item<float>(), 0.01);
        Assert.AreEqual(100_000, (y.lt(dropped + 1e-4).sum() + y.gt(kept - 1e-4).sum()).item<long>());
    }

    [TestMethod]
    public void Alpha_dropout_keeps_mean_and_variance_and_rests_in_evaluation()
    {
        var layer = AlphaDropout(0.4);
        var x = randn(200_000);
        var y = layer.forward(x);
        Assert.AreEqual(0, y.mean().item<float>(), 0.02);
        Assert.AreEqual(1, y.std().item<float>(), 0.02);
        layer.eval();
        AreSame(x, layer.forward(x));
        layer.train();
        Assert.AreNotEqual(x[0].item<float>(), layer.forward(x)[0].item<float>());
        AreSame(x, functional.alpha_dropout(x));
        AreSame(functional.alpha_dropout(x, 0.4, training: true, inplace: true), x);
        Assert.ThrowsExactly<ExternalException>(() => AlphaDropout(1.5).forward(x));
    }

    [TestMethod]
    public void Alpha_dropout_passes_gradients_through_what_it_keeps()
    {
        var a = 1 / Math.Sqrt(0.5 * (1 + 0.5 * Math.Pow(1.0507009873554805 * 1.6732632423543772, 2)));
        var x = full(1000, 1, float32, requires_grad: true);
        var y = AlphaDropout().forward(x);
        y.sum().backward();
        AreNear([.. y.gt(0).data<bool>().ToArray().Select(kept => kept ? a : 0)], x.grad!);
    }
}
