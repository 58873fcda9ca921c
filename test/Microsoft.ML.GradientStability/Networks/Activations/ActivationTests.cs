using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class ActivationTests
{
    private const double SeluAlpha = 1.6732632423543772, SeluScale = 1.0507009873554805;

    private static readonly double[] s_grid = [.. Enumerable.Range(-600, 1201).Select(i => i / 20.0)];

    /// <summary>The published formulas; every strategy needs one.</summary>
    private static Func<double, double> Formula(Activation activation) => activation switch
    {
        ReluActivation => x => x > 0 ? x : 0,
        LeakyReluActivation a => x => x > 0 ? x : a.NegativeSlope * x,
        PReluActivation a => x => x > 0 ? x : a.InitialSlope * x,
        EluActivation a => x => x > 0 ? x : a.Alpha * (Math.Exp(x) - 1),
        SeluActivation => x => SeluScale * (x > 0 ? x : SeluAlpha * (Math.Exp(x) - 1)),
        GeluActivation => x => x * Plain.Phi(x),
        SiluActivation => x => x / (1 + Math.Exp(-x)),
        MishActivation => x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        SoftplusActivation a => x => Math.Log(1 + Math.Exp(a.Beta * x)) / a.Beta,
        TanhActivation => x => (Math.Exp(2 * x) - 1) / (Math.Exp(2 * x) + 1),
        SigmoidActivation => x => 1 / (1 + Math.Exp(-x)),
        HardTanhActivation a => x => x < a.Min ? a.Min : x > a.Max ? a.Max : x,
        HardSigmoidActivation => x => x <= -3 ? 0 : x >= 3 ? 1 : (x + 3) / 6,
        HardSwishActivation => x => x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6,
        _ => throw new AssertFailedException($"{activation} has no oracle"),
    };

    public static IEnumerable<object[]> Activations() => Known.All<Activation>().Concat(
    [
        Activation.LeakyRelu(0.3), Activation.PRelu(0.6), Activation.PRelu() with { PerUnit = true }, Activation.Elu(0.5),
        Activation.Softplus(0.7), Activation.HardTanh(-0.5, 2),
    ]).Select(a => new object[] { a });

    [TestMethod]
    [DynamicData(nameof(Activations))]
    public void Module_and_theory_follow_the_published_formula(Activation activation)
    {
        var formula = Formula(activation);
        using var scope = NewDisposeScope();
        var module = activation.CreateModule(s_grid.Length);
        Plain.AreClose([[.. s_grid.Select(formula)]], module.forward(Plain.Tensor([s_grid])), 1e-6, $"{activation}, module");
        Plain.AreClose(s_grid.Select(formula), s_grid.Select(activation.Value), 1e-6, $"{activation}, theory");
    }

    [TestMethod]
    [DynamicData(nameof(Activations))]
    public void Gradients_agree_with_finite_differences(Activation activation)
    {
        const double step = 1e-5;
        var formula = Formula(activation);
        using var scope = NewDisposeScope();
        var input = Plain.Tensor([s_grid]).requires_grad_();
        activation.CreateModule(s_grid.Length).forward(input).sum().backward();
        var gradient = Plain.Vector(input.grad!);
        for (var i = 0; i < s_grid.Length; i++)
        {
            var (x, y) = (s_grid[i], formula(s_grid[i]));
            var (left, right) = ((y - formula(x - step)) / step, (formula(x + step) - y) / step);
            // At a kink any slope between the two is right.
            Assert.IsTrue(gradient[i] >= Math.Min(left, right) - 1e-4 && gradient[i] <= Math.Max(left, right) + 1e-4,
                $"{activation} at {x}: {gradient[i]}, not {left} to {right}");
        }
    }

    [TestMethod]
    public void A_slope_a_unit_is_learnt_a_unit()
    {
        using var scope = NewDisposeScope();
        foreach (var (activation, slopes) in new[] { (Activation.PRelu(0.1), 1L), (Activation.PRelu(0.1) with { PerUnit = true }, 5L) })
        {
            using var module = activation.CreateModule(5);
            CollectionAssert.AreEqual(new[] { slopes }, module.parameters().Single().shape);
            module.forward(full(2, 5, -3f)).sum().backward();
            // Σ over the rows, and over the units where these share a slope, of min(0, x).
            Plain.AreClose(Enumerable.Repeat(-30.0 / slopes, (int)slopes), Plain.Vector(module.parameters().Single().grad!), 1e-6);
        }
    }

    public static IEnumerable<object[]> Gains()
    {
        // ∫ over z < 0 of e^z and e^2z by completing the square: √e·Φ(−1) and e²·Φ(−2).
        var below = 0.5 + Math.Exp(2) * Plain.Phi(-2) - 2 * Math.Sqrt(Math.E) * Plain.Phi(-1);
        yield return [Activation.Relu, Math.Sqrt(2)];
        yield return [Activation.LeakyRelu(0.2), Math.Sqrt(2 / 1.04)];
        yield return [Activation.PRelu(), Math.Sqrt(2 / 1.0625)];
        yield return [Activation.Tanh, 5.0 / 3];
        yield return [Activation.Sigmoid, 1.0];
        yield return [Activation.HardSigmoid, 1.0];
        yield return [Activation.Selu, 1.0];
        yield return [Activation.Elu(), 1 / Math.Sqrt(0.5 + below)];
        yield return [Activation.Elu(0.5), 1 / Math.Sqrt(0.5 + 0.25 * below)];
        // By parts, twice: E[z²Φ²] = E[Φ²] + 2·E[zΦφ] = 1/3 + 1/(2π√3).
        yield return [Activation.Gelu, 1 / Math.Sqrt(1.0 / 3 + 1 / (2 * Math.PI * Math.Sqrt(3)))];
        foreach (var activation in (Activation[])[Activation.Silu, Activation.Mish, Activation.Softplus(), Activation.HardSwish, Activation.HardTanh()])
            yield return [activation, 1 / Math.Sqrt(Plain.GaussianMean(z => Math.Pow(Formula(activation)(z), 2)))];
    }

    [TestMethod]
    [DynamicData(nameof(Gains))]
    public void Gain_is_the_published_one(Activation activation, double gain) => Assert.AreEqual(gain, activation.Gain, 1e-4, activation.ToString());

    [TestMethod]
    public void Every_activation_has_a_gain_to_compare_with() => CollectionAssert.IsSubsetOf(
        Known.All<Activation>().Select(a => a.GetType()).ToArray(), Gains().Select(g => g[0].GetType()).ToArray());

    [TestMethod]
    public void Weights_that_keep_lengths_undo_the_slope_at_0_of_what_saturates()
    {
        foreach (var (activation, gain) in new (Activation, double)[]
        {
            (Activation.Tanh, 1), (Activation.HardTanh(), 1), (Activation.HardTanh(-2, 0.5), 1), (Activation.Sigmoid, 4), (Activation.HardSigmoid, 6),
            (Activation.Relu, Math.Sqrt(2)), (Activation.Selu, 1),
        })
            Assert.AreEqual(gain, activation.IsometricGain, 1e-4, activation.ToString());
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.04)]
    [DataRow(1e-30)]
    [DataRow(9.0)]
    public void Mean_squares_over_a_normal_signal(double variance)
    {
        var deviation = Math.Sqrt(variance);
        foreach (var (activation, slope, square) in new (Activation, double, double)[]
        {
            (Activation.Relu, 0.5, variance / 2),
            (Activation.LeakyRelu(0.2), 1.04 / 2, variance * 1.04 / 2),
            (Activation.Tanh, Plain.GaussianMean(z => Math.Pow(Math.Cosh(deviation * z), -4)),
                Plain.GaussianMean(z => Math.Pow(Math.Tanh(deviation * z), 2))),
            (Activation.Sigmoid, Plain.GaussianMean(z => Math.Pow(2 * Math.Cosh(deviation * z / 2), -4)),
                Plain.GaussianMean(z => Math.Pow(1 + Math.Exp(-deviation * z), -2))),
            // Slope 1 where |σz| < 1.
            (Activation.HardTanh(), 1 - 2 * Plain.Phi(-1 / deviation), Plain.GaussianMean(z => Math.Pow(Math.Clamp(deviation * z, -1, 1), 2))),
        })
        {
            // Kinks off the middle of the range cost the rule a little.
            Assert.AreEqual(slope, activation.MeanSquaredSlope(variance), activation is HardTanhActivation ? 1e-2 : 1e-5, activation.ToString());
            Assert.AreEqual(square, activation.MeanSquare(variance), 1e-4, activation.ToString());
        }
    }

    /// <summary>Klambauer et al. 2017: mean 0 and variance 1 is a fixed point, and one that attracts.</summary>
    [TestMethod]
    public void Selu_settles_at_mean_0_and_variance_1()
    {
        var selu = Activation.Selu;
        Assert.AreEqual(0, Plain.GaussianMean(selu.Value), 1e-6);
        Assert.AreEqual(1, Plain.GaussianMean(z => Math.Pow(selu.Value(z), 2)), 1e-6);
        var (mean, variance) = (0.1, 1.5);
        for (var layer = 0; layer < 60; layer++)
        {
            var (shift, deviation) = (0.1 * mean, Math.Sqrt(variance));
            var next = Plain.GaussianMean(z => selu.Value(shift + deviation * z));
            (mean, variance) = (next, Plain.GaussianMean(z => Math.Pow(selu.Value(shift + deviation * z) - next, 2)));
        }
        Assert.AreEqual(0, mean, 1e-3);
        Assert.AreEqual(1, variance, 1e-3);
    }
}
