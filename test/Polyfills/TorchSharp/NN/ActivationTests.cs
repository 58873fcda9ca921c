using System.Runtime.InteropServices;

namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class ActivationTests : TorchTests
{
    // SELU's two constants, from its paper.
    private const double Lambda = 1.0507009873554805, Alpha = 1.6732632423543772;

    private static readonly double[] Points = [-4, -2.5, -1.5, -0.7, 0.3, 0.8, 2, 5];

    /// Each activation beside its published formula. No kink lies at any of the points.
    private static IEnumerable<(nn.Module<Tensor, Tensor> Layer, Func<double, double> Formula)> Formulas =>
    [
        (ReLU(), x => Math.Max(0, x)),
        (Tanh(), Math.Tanh),
        (Sigmoid(), Logistic),
        (Identity(), x => x),
        (LeakyReLU(), x => x > 0 ? x : 0.01 * x),
        (LeakyReLU(0.2), x => x > 0 ? x : 0.2 * x),
        (PReLU(1), x => x > 0 ? x : 0.25 * x),
        (PReLU(1, 0.1), x => x > 0 ? x : 0.1 * x),
        (ELU(), x => x > 0 ? x : Math.Exp(x) - 1),
        (ELU(2), x => x > 0 ? x : 2 * (Math.Exp(x) - 1)),
        (SELU(), x => Lambda * (x > 0 ? x : Alpha * (Math.Exp(x) - 1))),
        (SiLU(), x => x * Logistic(x)),
        (Mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
        (Softplus(), x => Math.Log(1 + Math.Exp(x))),
        (Softplus(beta: 2), x => Math.Log(1 + Math.Exp(2 * x)) / 2),
        (Softplus(beta: 0.5, threshold: 0.9), x => x > 1.8 ? x : 2 * Math.Log(1 + Math.Exp(x / 2))),
        (Hardsigmoid(), HardLogistic),
        (Hardswish(), x => x * HardLogistic(x)),
        (Hardtanh(), x => Math.Clamp(x, -1, 1)),
        (Hardtanh(-2, 3), x => Math.Clamp(x, -2, 3)),
    ];

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
    private static double HardLogistic(double x) => Math.Clamp(x / 6 + 0.5, 0, 1);

    [TestMethod]
    public void Activations_give_their_closed_forms()
    {
        foreach (var (layer, formula) in Formulas)
        {
            var x = tensor(Points, float32);
            AreNear([.. Points.Select(formula)], layer.forward(x));
            AreNear(Points, x);
        }
    }

    [TestMethod]
    public void Gradients_are_the_slopes_of_the_closed_forms()
    {
        foreach (var (layer, formula) in Formulas)
        {
            var x = tensor(Points, float32).requires_grad_();
            layer.forward(x).sum().backward();
            AreNear([.. Points.Select(p => (formula(p + 1e-5) - formula(p - 1e-5)) / 2e-5)], x.grad!);
        }
    }

    [TestMethod]
    public void Gelu_is_the_input_times_the_normal_distribution_function()
    {
        // The standard normal distribution function at 0.5, 1 and 2.
        double[] below = [0.6914624612740131, 0.8413447460685429, 0.9772498680518208];
        var x = tensor(new float[] { 0.5f, 1, 2, -0.5f, -1, -2 }, requires_grad: true);
        var y = GELU().forward(x);
        AreNear([0.5 * below[0], below[1], 2 * below[2], -0.5 * (1 - below[0]), below[1] - 1, -2 * (1 - below[2])], y);
        y.sum().backward();
        AreNear(below[1] + Math.Exp(-0.5) / Math.Sqrt(2 * Math.PI), x.grad![1]);
        AreSame(y, functional.gelu(x));
    }

    [TestMethod]
    public void Activations_work_in_place_where_asked()
    {
        foreach (var layer in new nn.Module<Tensor, Tensor>[]
            { ReLU(true), LeakyReLU(inplace: true), ELU(inplace: true), SELU(true), Hardsigmoid(true), Hardswish(true),
                Hardtanh(inplace: true) })
        {
            var x = tensor(Points, float32);
            var y = layer.forward(x);
            Assert.AreNotSame(x, y);
            AreSame(y, x);
            Assert.AreNotEqual(-4f, x[0].item<float>());
        }
    }

    [TestMethod]
    public void Functions_take_what_the_layers_are_made_with()
    {
        var x = tensor(Points, float32);
        AreSame(LeakyReLU(0.3).forward(x), functional.leaky_relu(x, 0.3));
        AreSame(ELU(1.5).forward(x), functional.elu(x, 1.5));
        AreSame(SELU().forward(x), functional.selu(x));
        AreSame(SiLU().forward(x), functional.silu(x));
        AreSame(Mish().forward(x), functional.Mish(x));
        AreSame(Softplus(3, 2).forward(x), functional.softplus(x, 3, 2));
        AreSame(Hardsigmoid().forward(x), functional.hardsigmoid(x));
        AreSame(Hardswish().forward(x), functional.hardswish(x));
        AreSame(functional.silu(x, inplace: true), x);
    }

    [TestMethod]
    public void Parametric_relu_learns_a_slope_a_channel()
    {
        var layer = PReLU(2, 0.5);
        CollectionAssert.AreEqual(new[] { "weight" }, layer.named_parameters().Select(p => p.name).ToArray());
        CollectionAssert.AreEqual(new[] { "weight" }, layer.state_dict().Keys.ToArray());
        using (no_grad()) layer.weight![1].fill_(0.1);
        var x = tensor(new float[] { -2, -3, 4, -5 }, 2, 2);
        var y = layer.forward(x);
        AreNear([-1, -0.3, 4, -0.5], y);
        y.sum().backward();
        AreNear([-2, -8], layer.parameters().Single().grad!);
        layer.weight = new Weights(zeros(2));
        AreNear([0, 0, 4, 0], layer.forward(x));
        Assert.ThrowsExactly<ArgumentNullException>(() => layer.weight = null);
        Assert.ThrowsExactly<ExternalException>(() => PReLU(3).forward(x));
    }

    [TestMethod]
    public void Parametric_relu_is_moved_with_its_weight()
    {
        Assert.AreEqual(float64, PReLU(1, dtype: float64).weight!.dtype);
        var layer = PReLU(1);
        layer.to(float64);
        Assert.AreEqual(float64, layer.parameters().Single().dtype);
        AreNear(-0.5, layer.forward(tensor(new double[] { -2 })));
    }

    [TestMethod]
    public void A_hard_tanh_without_an_interior_is_refused()
    {
        Assert.ThrowsExactly<ExternalException>(() => Hardtanh(1, 1));
        Assert.ThrowsExactly<ExternalException>(() => Hardtanh(1, -1));
    }
}
