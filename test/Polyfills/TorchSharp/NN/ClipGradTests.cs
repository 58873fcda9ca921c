using Utilities = TorchSharp.torch.nn.utils;

namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class ClipGradTests : TorchTests
{
    private static Weights[] WithGradients(params float[][] gradients) => gradients.Select(gradient =>
    {
        var parameter = new Weights(zeros(gradient.Length));
        parameter.grad = tensor(gradient);
        return parameter;
    }).ToArray();

    [TestMethod]
    public void The_norm_before_clipping_is_returned_and_the_norm_after_is_the_greatest_allowed()
    {
        var parameters = WithGradients([3, 0], [4]);
        Assert.AreEqual(5, Utilities.clip_grad_norm_(parameters, 1), 1e-6);
        AreNear([0.6, 0], parameters[0].grad!);
        AreNear([0.8], parameters[1].grad!);
    }

    [TestMethod]
    public void Small_gradients_stay_as_they_are()
    {
        var parameters = WithGradients([3, 4]);
        Assert.AreEqual(5, Utilities.clip_grad_norm_(parameters, 10), 1e-6);
        AreNear([3, 4], parameters[0].grad!);
    }

    [TestMethod]
    public void Other_norms_can_be_asked_for()
    {
        Assert.AreEqual(7, Utilities.clip_grad_norm_(WithGradients([3, -4]), 100, 1), 1e-6);
        Assert.AreEqual(4, Utilities.clip_grad_norm_(WithGradients([3, -4]), 100, double.PositiveInfinity), 1e-6);
    }

    [TestMethod]
    public void A_gradient_that_is_not_a_number_gives_a_norm_that_is_none()
    {
        Assert.IsTrue(double.IsNaN(Utilities.clip_grad_norm_(WithGradients([float.NaN, 1]), 1)));
        Assert.IsTrue(double.IsPositiveInfinity(Utilities.clip_grad_norm_(WithGradients([float.PositiveInfinity, 1]), 1)));
    }

    [TestMethod]
    public void Values_are_cut_at_the_bound()
    {
        var parameters = WithGradients([3, -4, 0.5f]);
        Utilities.clip_grad_value_(parameters, 1);
        AreNear([1, -1, 0.5], parameters[0].grad!);
    }
}
