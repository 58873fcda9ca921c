namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class ActivationTests : TorchTests
{
    [TestMethod]
    public void Activations_give_their_closed_forms()
    {
        var x = tensor(new float[] { -1, 2 });
        AreNear([0, 2], ReLU().forward(x));
        AreNear([Math.Tanh(-1), Math.Tanh(2)], Tanh().forward(x));
        AreNear([1 / (1 + Math.E), 1 / (1 + Math.Exp(-2))], Sigmoid().forward(x));
        AreNear([-1, 2], Identity().forward(x));
        AreNear([-1, 2], x);
        ReLU(inplace: true).forward(x);
        AreNear([0, 2], x);
    }

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
}
