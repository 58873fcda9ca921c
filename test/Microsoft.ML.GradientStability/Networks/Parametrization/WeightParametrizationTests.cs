using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class WeightParametrizationTests
{
    public static IEnumerable<object[]> Shapes() => [[9, 5], [5, 9], [7, 7], [1, 6], [64, 32]];

    private static Parameter Weights(int units, int inputs) => new(Plain.Tensor(Plain.Random(units, inputs, seed: units, scale: 2, shift: 0.5)));

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Standardized_weights_have_mean_0_and_variance_1_a_unit(int units, int inputs)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(units, inputs);
        using var module = WeightParametrization.WeightStandardization.CreateModule(weights, new FitRandom(1));
        foreach (var unit in Plain.Matrix(module.forward(weights)))
        {
            Assert.AreEqual(0, unit.Average(), 1e-6);
            Assert.AreEqual(1, Plain.Variance([unit]), 1e-4);
        }
        var other = WeightParametrization.WeightStandardization with { Epsilon = 0.5 };
        using var shrunk = other.CreateModule(weights, new FitRandom(1));
        Plain.AreClose([.. Plain.Matrix(weights).Select(unit => Plain.Standardize(unit, 0.5))], shrunk.forward(weights), 2e-6);
    }

    [TestMethod]
    public void Standardization_leaves_nothing_of_two_weights_but_their_order()
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(tensor(new[] { 0.1f, 7, 3, -2 }, [2, 2]));
        using var module = WeightParametrization.WeightStandardization.CreateModule(weights, new FitRandom(1));
        Plain.AreClose([[-1, 1], [1, -1]], module.forward(weights), 1e-4);
        Assert.AreEqual("a unit has 2 weights, and two numbers become −1 and 1 whatever they were", WeightParametrization.WeightStandardization.Objection(2));
        foreach (var parametrization in Known.All<WeightParametrization>())
            Assert.IsNull(parametrization.Objection(parametrization is WeightStandardization ? 3 : 1), parametrization.ToString());
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Weight_normalization_starts_at_the_given_weights_and_parts_direction_from_length(int units, int inputs)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(units, inputs);
        using var module = WeightParametrization.WeightNormalization.CreateModule(weights, new FitRandom(1));
        Plain.AreClose(Plain.Matrix(weights), module.forward(weights), 1e-6);

        var length = module.get_parameter("length")!;
        CollectionAssert.AreEqual(new long[] { units }, length.shape);
        using (no_grad())
        {
            length.copy_(arange(1, units + 1, dtype: ScalarType.Float32));
            weights.mul_(3);
        }
        var effective = Plain.Matrix(module.forward(weights));
        for (var u = 0; u < units; u++)
            Assert.AreEqual(u + 1, Plain.Norm(effective[u]), 1e-5 * (u + 1), "length alone says how long");

        (module.forward(weights) * Plain.Tensor(Plain.Random(units, inputs, seed: 9))).sum().backward();
        var (directions, gradients) = (Plain.Matrix(weights), Plain.Matrix(weights.grad!));
        for (var u = 0; u < units; u++)
            Assert.AreEqual(0, Plain.Dot(directions[u], gradients[u]), 1e-4, "a gradient along a direction would only lengthen it");
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Spectral_normalization_holds_the_greatest_singular_value_at_1(int units, int inputs)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(units, inputs);
        using var module = WeightParametrization.SpectralNormalization.CreateModule(weights, new FitRandom(1));
        // Power iteration comes from below, so the weights come from above.
        Assert.AreEqual(1, Plain.SpectralNorm(Plain.Matrix(module.forward(weights))), 0.02, "after 15 iterations");
        for (var step = 0; step < 200; step++)
            module.forward(weights);
        Assert.AreEqual(1, Plain.SpectralNorm(Plain.Matrix(module.forward(weights))), 1e-4, "after 200 more");
        foreach (var (_, buffer) in module.named_buffers())
            Assert.AreEqual(1, Plain.Norm(Plain.Vector(buffer)), 1e-5);
    }

    [TestMethod]
    public void Spectral_normalization_iterates_in_training_alone_and_not_for_who_looks_on()
    {
        using var scope = NewDisposeScope();
        var weights = Weights(20, 20);
        using var module = WeightParametrization.SpectralNormalization.CreateModule(weights, new FitRandom(1));
        var before = Buffers();
        module.eval();
        module.forward(weights);
        CollectionAssert.AreEqual(before, Buffers(), "evaluation");
        module.train();
        using (no_grad())
            module.forward(weights);
        CollectionAssert.AreEqual(before, Buffers(), "no step");
        module.forward(weights);
        CollectionAssert.AreNotEqual(before, Buffers(), "training");

        double[] Buffers() => [.. module.named_buffers().SelectMany(b => Plain.Vector(b.buffer))];
    }

    public static IEnumerable<object[]> Formulas() =>
        Known.All<WeightParametrization>().Where(p => p is not NoWeightParametrization).Select(p => new object[] { p });

    /// <summary>Of a random linear functional of the weights, in double precision, every single weight and length moved.</summary>
    [TestMethod]
    [DynamicData(nameof(Formulas))]
    public void Gradients_agree_with_finite_differences(WeightParametrization parametrization)
    {
        const double step = 1e-5;
        using var scope = NewDisposeScope();
        var weights = Weights(4, 6);
        using var module = parametrization.CreateModule(weights, new FitRandom(1))!;
        module.eval();
        var direction = Plain.Random(4, 6, seed: 5);
        using (no_grad())
            foreach (var length in module.parameters())
                length.mul_(1.7f);
        (module.forward(weights) * Plain.Tensor(direction)).sum().backward();

        var w = Plain.Matrix(weights);
        var own = module.parameters().SelectMany(Plain.Vector).ToArray();
        var buffers = module.named_buffers().ToDictionary(b => b.name, b => Plain.Vector(b.buffer));
        Plain.AreClose(Effective(), module.forward(weights), 2e-6, parametrization.ToString());
        Plain.AreClose(w.SelectMany(row => Differences(row)), Plain.Vector(weights.grad!), 2e-5, parametrization.ToString());
        Plain.AreClose(Differences(own), module.parameters().SelectMany(p => Plain.Vector(p.grad!)), 2e-5, parametrization.ToString());

        IEnumerable<double> Differences(double[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var (value, at) = (values[i], new double[2]);
                for (var side = 0; side < 2; side++)
                {
                    values[i] = value + (side == 0 ? step : -step);
                    at[side] = Effective().Zip(direction, Plain.Dot).Sum();
                }
                values[i] = value;
                yield return (at[0] - at[1]) / (2 * step);
            }
        }

        double[][] Effective() => parametrization switch
        {
            WeightStandardization p => [.. w.Select(unit => Plain.Standardize(unit, p.Epsilon))],
            WeightNormalization => [.. w.Select((unit, u) => unit.Select(x => own[u] * x / Plain.Norm(unit)).ToArray())],
            // u and v are constants of a step.
            SpectralNormalization => [.. w.Select(unit => unit.Select(x => x / Sigma()).ToArray())],
            _ => throw new AssertFailedException($"{parametrization} has no oracle"),
        };

        double Sigma() => w.Select((unit, u) => buffers["left"][u] * Plain.Dot(unit, buffers["right"])).Sum();
    }

    /// <summary>The next forward overwrites the vectors of the power iteration; what the backward pass needs must not change with them.</summary>
    [TestMethod]
    public void Two_forwards_before_a_backward_give_the_sum_of_their_gradients()
    {
        using var scope = NewDisposeScope();
        var weights = Weights(4, 6);
        var direction = Plain.Tensor(Plain.Random(4, 6, seed: 5));
        using var module = WeightParametrization.SpectralNormalization.CreateModule(weights, new FitRandom(1));
        for (var i = 0; i < 200; i++)
            module.forward(weights);
        (module.forward(weights) * direction).sum().backward();
        var once = Plain.Vector(weights.grad!);
        weights.grad!.zero_();
        (module.forward(weights) * direction + module.forward(weights) * direction).sum().backward();
        Plain.AreClose(once.Select(g => 2 * g), Plain.Vector(weights.grad!), 1e-4);
    }
}
