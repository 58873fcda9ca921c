using System.Numerics.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class InitializerTests
{
    private const int Inputs = 300;
    private const int Units = 200;

    private enum Shape { Uniform, Normal, Truncated }

    public static IEnumerable<object[]> Schemes() =>
    [
        // Standard deviation by the papers' formulas.
        [Initializer.Default, Math.Sqrt(1.0 / (3 * Inputs)), Shape.Uniform],
        [Initializer.XavierUniform, Math.Sqrt(2.0 / (Inputs + Units)), Shape.Uniform],
        [Initializer.XavierUniform with { Gain = 3 }, 3 * Math.Sqrt(2.0 / (Inputs + Units)), Shape.Uniform],
        [Initializer.XavierNormal, Math.Sqrt(2.0 / (Inputs + Units)), Shape.Normal],
        [Initializer.XavierNormal with { Gain = 0.5 }, 0.5 * Math.Sqrt(2.0 / (Inputs + Units)), Shape.Normal],
        [Initializer.HeUniform, Math.Sqrt(2.0 / Inputs), Shape.Uniform],
        [Initializer.HeUniform with { Mode = FanMode.FanOut }, Math.Sqrt(2.0 / Units), Shape.Uniform],
        [Initializer.HeNormal, Math.Sqrt(2.0 / Inputs), Shape.Normal],
        [Initializer.HeNormal with { Mode = FanMode.FanOut }, Math.Sqrt(2.0 / Units), Shape.Normal],
        [Initializer.LeCunUniform, Math.Sqrt(1.0 / Inputs), Shape.Uniform],
        [Initializer.LeCunNormal, Math.Sqrt(1.0 / Inputs), Shape.Normal],
        // 1 − 2·2·φ(2)/(2Φ(2) − 1) = 0.7737 of the variance is left within two standard deviations.
        [Initializer.TruncatedNormal(), 0.02 * 0.8796, Shape.Truncated],
        [Initializer.TruncatedNormal(3), 3 * 0.8796, Shape.Truncated],
        [Initializer.Fixup, Math.Sqrt(2.0 / Inputs), Shape.Normal],
        // Not square: by LeCun.
        [Initializer.Identity, Math.Sqrt(1.0 / Inputs), Shape.Normal],
    ];

    [TestMethod]
    [DynamicData(nameof(Schemes))]
    public void Weights_have_the_scale_of_the_published_formula(Initializer initializer, double deviation, object shape)
    {
        using var scope = NewDisposeScope();
        var (weights, biases) = Initialize(initializer, Inputs, Units);

        Assert.AreEqual(deviation, TensorPrimitives.StdDev<double>(weights), 0.02 * deviation);
        Assert.AreEqual(0, weights.Average(), 5 * deviation / Math.Sqrt(weights.Length));
        // A uniform distribution of standard deviation 1 lies within ±√3, 8.3 % of a normal one do not.
        var beyond = weights.Count(w => Math.Abs(w) > Math.Sqrt(3) * deviation * 1.00001) / (double)weights.Length;
        Assert.AreEqual(shape switch { Shape.Uniform => 0, Shape.Normal => 0.0833, _ => Truncated() }, beyond, shape is Shape.Uniform ? 0 : 0.01);
        if (shape is Shape.Truncated)
            Assert.IsInRange(0.99 * 2 / 0.8796, 2 / 0.8796 * 1.0001, weights.Max(Math.Abs) / deviation);
        else if (shape is Shape.Normal)
            Assert.IsGreaterThan(3.5, weights.Max(Math.Abs) / deviation);
        if (initializer is DefaultInitializer)
            Assert.IsGreaterThan(0, biases.Max(Math.Abs));
        else
            Assert.AreEqual(0, biases.Max(Math.Abs));

        static double Truncated() => 1 - (1 - 2 * Plain.Phi(-Math.Sqrt(3) * 0.8796)) / (1 - 2 * Plain.Phi(-2));
    }

    public static IEnumerable<object[]> Isometries() =>
        from size in ((int, int)[])[(20, 20), (30, 20), (20, 30)]
        from scheme in ((Initializer, Activation?, double)[])
        [
            (Initializer.Orthogonal, null, 1), (Initializer.Orthogonal, Activation.Relu, Math.Sqrt(2)), (Initializer.Orthogonal, Activation.Tanh, 1),
            (Initializer.Orthogonal with { Gain = 3 }, Activation.Relu, 3), (Initializer.Lsuv, Activation.Relu, 1),
            (Initializer.DeltaOrthogonal, Activation.Relu, Math.Sqrt(2)), (Initializer.DeltaOrthogonal with { Gain = 3 }, null, 3),
        ]
        select new object[] { scheme.Item1, scheme.Item2!, scheme.Item3, size.Item1, size.Item2 };

    [TestMethod]
    [DynamicData(nameof(Isometries))]
    public void Orthogonal_weights_keep_angles_and_multiply_lengths_by_the_gain(
        Initializer initializer, Activation? activation, double gain, int inputs, int units)
    {
        using var scope = NewDisposeScope();
        var rows = Initialize(initializer, inputs, units, activation).Weights.Chunk(inputs).ToArray();
        // W·Wᵀ = gain²·I where W has no more rows than columns, else WᵀW.
        double[][] vectors = units <= inputs ? rows : [.. Enumerable.Range(0, inputs).Select(c => rows.Select(row => row[c]).ToArray())];
        for (var i = 0; i < vectors.Length; i++)
            for (var j = 0; j < vectors.Length; j++)
                Assert.AreEqual(i == j ? gain * gain : 0, Plain.Dot(vectors[i], vectors[j]), 1e-5 * gain * gain);
    }

    [TestMethod]
    public void Constant_and_identity_are_exact()
    {
        using var scope = NewDisposeScope();
        Assert.IsTrue(Initialize(Initializer.Constant(-0.5), 4, 3).Weights.All(w => w == -0.5));
        Assert.IsTrue(Initialize(Initializer.Constant(), 4, 3).Weights.All(w => w == 0.01f));
        var identity = Initialize(Initializer.Identity, 4, 4).Weights;
        for (var i = 0; i < 16; i++)
            Assert.AreEqual(i % 5 == 0 ? 1 : 0, identity[i]);
    }

    /// <summary>calculate_gain for tanh, 5/3; and the gain of an activation that PyTorch has none for.</summary>
    [TestMethod]
    public void He_takes_its_gain_from_the_activation()
    {
        using var scope = NewDisposeScope();
        foreach (var (activation, gain) in new (Activation, double)[]
        {
            (Activation.Tanh, 5.0 / 3), (Activation.LeakyRelu(0.5), Math.Sqrt(1.6)), (Activation.Gelu, 1.5335),
        })
            Assert.AreEqual(gain * Math.Sqrt(3.0 / Inputs), Initialize(Initializer.HeUniform, Inputs, Units, activation).Weights.Max(Math.Abs), 1e-3);
    }

    [TestMethod]
    public void Every_scheme_is_tested() => CollectionAssert.AreEquivalent(
        Known.All<Initializer>().Select(i => i.GetType()).ToArray(),
        Schemes().Concat(Isometries()).Select(s => s[0].GetType()).Append(typeof(ConstantInitializer)).Distinct().ToArray());

    private static (double[] Weights, double[] Biases) Initialize(Initializer initializer, int inputs, int units) =>
        Initialize(initializer, inputs, units, Activation.Relu);

    private static (double[] Weights, double[] Biases) Initialize(Initializer initializer, int inputs, int units, Activation? activation)
    {
        using var layer = new LinearMap(inputs, units, hasBias: true);
        initializer.Initialize(layer, new LayerRole(activation), Create.Origin(initializer));
        return (Plain.Vector(layer.Weight), Plain.Vector(layer.Bias!));
    }
}
