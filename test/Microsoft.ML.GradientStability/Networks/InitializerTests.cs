using System.Numerics.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class InitializerTests
{
    private const int Inputs = 300;
    private const int Units = 200;

    public static IEnumerable<object[]> Schemes() =>
    [
        // Standard deviation and bound by the papers' formulas; a uniform in ±b has standard deviation b/√3, a normal no bound.
        [Initializer.Default, Math.Sqrt(1.0 / (3 * Inputs)), Math.Sqrt(1.0 / Inputs)],
        [Initializer.XavierUniform, Math.Sqrt(2.0 / (Inputs + Units)), Math.Sqrt(6.0 / (Inputs + Units))],
        [Initializer.XavierUniform with { Gain = 3 }, 3 * Math.Sqrt(2.0 / (Inputs + Units)), 3 * Math.Sqrt(6.0 / (Inputs + Units))],
        [Initializer.XavierNormal, Math.Sqrt(2.0 / (Inputs + Units)), double.PositiveInfinity],
        [Initializer.HeUniform, Math.Sqrt(2.0 / Inputs), Math.Sqrt(6.0 / Inputs)],
        [Initializer.HeNormal, Math.Sqrt(2.0 / Inputs), double.PositiveInfinity],
    ];

    [TestMethod]
    [DynamicData(nameof(Schemes))]
    public void Weights_have_the_scale_of_the_published_formula(Initializer initializer, double deviation, double bound)
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        var layer = nn.Linear(Inputs, Units);
        initializer.Initialize(layer, Activation.Relu);

        var weights = layer.weight!.data<float>().ToArray();
        var measured = Math.Sqrt(TensorPrimitives.SumOfSquares<float>(weights) / weights.Length);
        Assert.AreEqual(deviation, measured, 0.02 * deviation);
        Assert.IsLessThanOrEqualTo(bound * 1.000001, weights.Max(Math.Abs));
        if (double.IsInfinity(bound))
            // 8.3 % of a normal distribution lie beyond √3 standard deviations, nothing of a uniform one.
            Assert.AreEqual(0.083, weights.Count(w => Math.Abs(w) > Math.Sqrt(3) * deviation) / (double)weights.Length, 0.01);
        var biases = layer.bias!.data<float>().ToArray();
        if (initializer is DefaultInitializer)
            Assert.IsGreaterThan(0, biases.Max(Math.Abs));
        else
            Assert.AreEqual(0, biases.Max(Math.Abs));
    }

    [TestMethod]
    public void He_takes_its_gain_from_the_activation()
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        var layer = nn.Linear(Inputs, Units);
        Initializer.HeUniform.Initialize(layer, Activation.Tanh);
        // calculate_gain: 5/3 for tanh.
        Assert.AreEqual(5.0 / 3 * Math.Sqrt(3.0 / Inputs), layer.weight!.data<float>().ToArray().Max(Math.Abs), 1e-3);
    }
}
