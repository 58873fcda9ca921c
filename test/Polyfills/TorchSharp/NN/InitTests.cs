using System.Runtime.InteropServices;
using TorchInit = TorchSharp.torch.nn.init;

namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class InitTests : TorchTests
{
    // Fan in 400, fan out 200.
    private static Tensor Weight => empty(200, 400);

    [TestMethod]
    public void Gains_are_the_documented_ones()
    {
        Assert.AreEqual(1, TorchInit.calculate_gain(TorchInit.NonlinearityType.Linear));
        Assert.AreEqual(1, TorchInit.calculate_gain(TorchInit.NonlinearityType.Sigmoid));
        Assert.AreEqual(5 / 3.0, TorchInit.calculate_gain(TorchInit.NonlinearityType.Tanh), 1e-12);
        Assert.AreEqual(Math.Sqrt(2), TorchInit.calculate_gain(TorchInit.NonlinearityType.ReLU), 1e-12);
        Assert.AreEqual(Math.Sqrt(2 / 1.04), TorchInit.calculate_gain(TorchInit.NonlinearityType.LeakyReLU, 0.2), 1e-12);
    }

    [TestMethod]
    public void Uniform_schemes_fill_their_bounds()
    {
        IsUniform(Math.Sqrt(6.0 / 400), TorchInit.kaiming_uniform_(Weight));
        IsUniform(Math.Sqrt(6.0 / 200), TorchInit.kaiming_uniform_(Weight, mode: TorchInit.FanInOut.FanOut));
        IsUniform(Math.Sqrt(3.0 / 400), TorchInit.kaiming_uniform_(Weight, nonlinearity: TorchInit.NonlinearityType.Linear));
        IsUniform(Math.Sqrt(6.0 / 600), TorchInit.xavier_uniform_(Weight));
        IsUniform(2 * Math.Sqrt(6.0 / 600), TorchInit.xavier_uniform_(Weight, gain: 2));
        IsUniform(0.5, TorchInit.uniform_(Weight, -0.5, 0.5));
    }

    private static void IsUniform(double bound, Tensor weight)
    {
        Assert.AreEqual(bound, weight.abs().max().item<float>(), bound * 1e-3);
        Assert.AreEqual(bound / Math.Sqrt(3), weight.std().item<float>(), bound * 1e-2);
        Assert.AreEqual(0, weight.mean().item<float>(), bound * 1e-2);
    }

    [TestMethod]
    public void Normal_schemes_have_their_deviation()
    {
        Assert.AreEqual(Math.Sqrt(2.0 / 400), TorchInit.kaiming_normal_(Weight).std().item<float>(), 1e-3);
        Assert.AreEqual(Math.Sqrt(2.0 / 200), TorchInit.kaiming_normal_(Weight, mode: TorchInit.FanInOut.FanOut).std().item<float>(), 1e-3);
        var weight = TorchInit.normal_(Weight, 1, 0.02);
        Assert.AreEqual(0.02, weight.std().item<float>(), 1e-3);
        Assert.AreEqual(1, weight.mean().item<float>(), 1e-3);
        Assert.IsGreaterThan(1.06f, weight.max().item<float>());
    }

    [TestMethod]
    public void Constants_fill_parameters_without_being_recorded()
    {
        var weight = Linear(2, 2).weight!;
        AreNear([0, 0, 0, 0], TorchInit.zeros_(weight));
        AreNear([1, 1, 1, 1], TorchInit.ones_(weight));
        AreNear([0.5, 0.5, 0.5, 0.5], TorchInit.constant_(weight, 0.5));
        Assert.IsTrue(weight.is_leaf);
    }

    [TestMethod]
    public void Orthogonal_rows_or_columns_have_the_length_of_the_gain()
    {
        var wide = TorchInit.orthogonal_(empty(3, 5), gain: 2);
        AreNear([4, 0, 0, 0, 4, 0, 0, 0, 4], wide.mm(wide.t()), 1e-4);
        var tall = TorchInit.orthogonal_(empty(5, 2));
        AreNear([1, 0, 0, 1], tall.t().mm(tall), 1e-4);
        // What lies behind the first dimension counts as one.
        var deep = TorchInit.orthogonal_(empty(2, 2, 2)).view(2, 4);
        AreNear([1, 0, 0, 1], deep.mm(deep.t()), 1e-4);
        manual_seed(7);
        var first = TorchInit.orthogonal_(empty(4, 4));
        manual_seed(7);
        AreSame(first, TorchInit.orthogonal_(empty(4, 4)));
        Assert.IsTrue(TorchInit.orthogonal_(Linear(3, 3).weight!).is_leaf);
        Assert.ThrowsExactly<ExternalException>(() => TorchInit.orthogonal_(empty(4)));
    }

    [TestMethod]
    public void Identity_matrices_fill_two_dimensions()
    {
        AreNear([1, 0, 0, 0, 1, 0], TorchInit.eye_(empty(2, 3)));
        AreNear([1, 0, 0, 1], TorchInit.eye_(Linear(2, 2).weight!));
        Assert.ThrowsExactly<ExternalException>(() => TorchInit.eye_(empty(2, 2, 2)));
    }
}
