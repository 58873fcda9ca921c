using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Optimization.Regularization;

/// <summary>Pascanu's Ω against its definition, computed by loops in double precision.</summary>
[TestClass]
public sealed class GradientFlowTests
{
    private const int Rows = 3, Steps = 5, Features = 2, Units = 4;

    public static IEnumerable<object[]> Cells() => [[RecurrentCell.Tanh, false], [RecurrentCell.Relu, false], [RecurrentCell.Tanh, true]];

    /// <summary>The gradient is the immediate one: Ω moves by it when U moves in (δ·U)∘σ' alone.</summary>
    [TestMethod]
    [DynamicData(nameof(Cells))]
    public void Omega_and_its_gradient_are_those_of_the_definition(RecurrentCell cell, bool varies)
    {
        using var module = Create(cell, varies);
        var flow = module.Flows.Single();
        var features = Values(varies);
        var (u, expected) = Watch(module, flow, features);
        var gate = module.Layers.OfType<RecurrentGate>().Single();
        var layers = new Layers(Doubles(gate.StoredOfInput), u, Doubles(gate.Bias), Doubles(module.Layers[^1].parameters().First()), cell is ReluCell);
        var omega = layers.Omega(features, u);
        Assert.IsGreaterThan(1e-2, omega);
        Assert.AreEqual(omega, flow.Omega, 1e-4 * omega);
        for (var i = 0; i < u.Length; i++)
        {
            const double step = 1e-5;
            double[] up = [.. u], down = [.. u];
            (up[i], down[i]) = (up[i] + step, down[i] - step);
            var slope = (layers.Omega(features, up) - layers.Omega(features, down)) / (2 * step);
            Assert.AreEqual(slope, expected[i], 1e-3 * Math.Max(1, Math.Abs(slope)), $"weight {i}");
        }
    }

    /// <summary>Where U is made of what is stored, V, that gets the gradient of Σ G∘U by V, G that of Ω by U.</summary>
    [TestMethod]
    public void The_penalty_reaches_what_the_weights_are_made_of()
    {
        var network = Network.Recurrent(RecurrentCell.Tanh, Units) with { Input = InputShape.Sequence(Steps, Features), WeightParametrization = WeightParametrization.WeightNormalization };
        using var module = network.CreateModule(Steps * Features, 1, Initializer.XavierUniform, seed: 5);
        using var parameters = new FlatParameters(module);
        var (gate, flow) = (module.Layers.OfType<RecurrentGate>().Single(), module.Flows.Single());
        var (_, ofU) = Watch(module, flow, Values(varies: false));
        parameters.ClearGradients();
        flow.AddTo(1);
        var weights = parameters.ToArray();
        var gradient = parameters.GradientSpan.ToArray();
        Assert.IsGreaterThan(1e-2, L2Norm.Of(gradient));
        for (var i = 0; i < weights.Length; i++)
            Assert.AreEqual((At(i, 1e-2f) - At(i, -1e-2f)) / 2e-2, gradient[i], 2e-3 * Math.Max(1, L2Norm.Of(gradient)), $"weight {i}");

        double At(int weight, float distance)
        {
            using var frozen = no_grad();
            using var scope = NewDisposeScope();
            var moved = (float[])weights.Clone();
            moved[weight] += distance;
            parameters.CopyFrom(moved);
            var value = gate.OfSteps().data<float>().ToArray().Zip(ofU, (u, g) => (double)u * g).Sum();
            parameters.CopyFrom(weights);
            return value;
        }
    }

    /// <summary>Watching changes no gradient of the loss; the penalty comes after clipping, whole.</summary>
    [TestMethod]
    public void The_penalty_is_added_to_what_clipping_left()
    {
        using var module = Create(RecurrentCell.Tanh, varies: false);
        using var parameters = new FlatParameters(module);
        var gate = module.Layers.OfType<RecurrentGate>().Single();
        var flow = module.Flows.Single();
        Backward(module, Values(varies: false));
        var plain = parameters.GradientSpan.ToArray();
        parameters.ClearGradients();
        flow.IsOn = true;
        Backward(module, Values(varies: false));
        flow.Collect();
        EveryTask.AreClose(plain, parameters.GradientSpan.ToArray(), 1e-5);

        parameters.ScaleGradients(0.5f);
        var regularizer = Regularizer.GradientFlow(3);
        regularizer.Penalize(parameters, module.Flows);
        var (ofSteps, ofFlow) = (0, flow.Gradient);
        var slice = parameters.Parameters.Single(parameter => parameter is { IsWeight: true, Rows: Units, Columns: Units });
        for (var i = 0; i < plain.Length; i++)
        {
            var penalty = i >= slice.Offset && i < slice.Offset + slice.Length ? 3 * ofFlow[ofSteps++] : 0;
            Assert.AreEqual(0.5 * plain[i] + penalty, parameters.GradientSpan[i], 1e-5 * Math.Max(1, Math.Abs(penalty)), $"value {i} of {gate.Title}");
        }
        Assert.AreEqual(Units * Units, ofSteps);
    }

    /// <summary>A plain network whose gradient reaches back a few steps gets one that reaches back to the first.</summary>
    [TestMethod]
    public void A_gradient_reaches_further_back_with_it()
    {
        var (without, with) = (Reach(), Reach(Regularizer.GradientFlow()));
        Assert.IsLessThan(1e-8, without, "the first step of 30 gets next to nothing");
        Assert.IsGreaterThan(1e4 * without, with);

        static double Reach(params Regularizer[] regularization)
        {
            var random = new Random(2);
            float[][] rows = [.. Enumerable.Range(0, 120).Select(row => Enumerable.Range(0, 30).Select(step => step == 29 ? 1 + row % 3 : 2 * random.NextSingle() - 1).ToArray())];
            var looks = new List<StepStatistics>();
            var options = new DeepNetworkMulticlassTrainer.Options
            {
                Network = Network.Recurrent(RecurrentCell.Tanh, 8) with { RecurrentInitializer = Initializer.TruncatedNormal(0.1) }, Regularization = regularization,
                Optimizer = Optimizer.Adam(0.01), Schedule = LearningRateSchedule.Constant, Epochs = 8, BatchSize = 20, Seed = 3, Stability = StabilityPolicy.Warn, StatisticsInterval = 1,
                Progress = new EveryTask.Reports(p => looks.AddRange(p.Statistics is { } s ? [s] : [])), ProgressSteps = 1,
            };
            using var model = new MLContext(seed: 1).MulticlassClassification.Trainers.DeepNetwork(options).Fit(Networks.ShapedRows.Load(rows, 30, 1));
            return looks[^1].GradientOverTime[0] / looks[^1].GradientOverTime[^1];
        }
    }

    [TestMethod]
    public void It_is_refused_where_no_cell_is_plain()
    {
        foreach (var network in new Network[] { Network.FeedForward(4), Network.Recurrent(RecurrentCell.Gru), Network.Attention(8, 1, 2) })
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MLContext().Regression.Trainers.DeepNetwork(new DeepNetworkRegressionTrainer.Options
            {
                Network = network, Regularization = [Regularizer.GradientFlow()],
            })).Message, "GradientFlow(1) is a penalty on the steps of plain recurrent cells");
    }

    private static NetworkModule Create(RecurrentCell cell, bool varies)
    {
        var network = Network.Recurrent(cell, Units) with { Input = InputShape.Sequence(Steps, Features) with { VariesInLength = varies }, RecurrentInitializer = Initializer.XavierUniform };
        var module = network.CreateModule(Steps * Features, 1, Initializer.XavierUniform, seed: 2);
        module.train();
        return module;
    }

    private static float[] Values(bool varies)
    {
        var random = new Random(4);
        // The second row ends after three steps.
        return [.. Enumerable.Range(0, Rows * Steps * Features).Select(i => varies && i >= (Steps + 3) * Features && i < 2 * Steps * Features ? float.NaN : 2 * random.NextSingle() - 1)];
    }

    private static (double[] OfSteps, float[] Gradient) Watch(NetworkModule module, RecurrentFlow flow, float[] features)
    {
        flow.IsOn = true;
        flow.Begin();
        Backward(module, features);
        flow.Collect();
        return (Doubles(module.Layers.OfType<RecurrentGate>().Single().StoredOfSteps), flow.Gradient);
    }

    private static void Backward(NetworkModule module, float[] features)
    {
        using var scope = NewDisposeScope();
        module.forward(tensor(features, [Rows, Steps * Features])).sum().backward();
    }

    private static double[] Doubles(Tensor tensor) => [.. tensor.data<float>().ToArray().Select(value => (double)value)];

    /// <summary>The network in doubles: h ← σ(W·x + U·h + b), L = Σ v·h over the last steps of the rows.</summary>
    private sealed class Layers(double[] w, double[] u, double[] b, double[] v, bool isRelu)
    {
        /// <summary>Ω by its definition, with δ and σ' of U as it was given, and another U in between.</summary>
        public double Omega(float[] features, double[] moved)
        {
            var omega = 0.0;
            for (var row = 0; row < Rows; row++)
            {
                var steps = Enumerable.Range(0, Steps).Count(step => !float.IsNaN(features[(row * Steps + step) * Features]));
                var slopes = new double[steps][];
                var h = new double[Units];
                for (var step = 0; step < steps; step++)
                {
                    var a = Enumerable.Range(0, Units).Select(i => b[i] + Enumerable.Range(0, Features).Sum(f => w[i * Features + f] * features[(row * Steps + step) * Features + f])
                        + Enumerable.Range(0, Units).Sum(j => u[i * Units + j] * h[j])).ToArray();
                    h = [.. a.Select(value => isRelu ? Math.Max(0, value) : Math.Tanh(value))];
                    slopes[step] = [.. h.Select(value => isRelu ? value > 0 ? 1.0 : 0 : 1 - value * value)];
                }
                var delta = Enumerable.Range(0, Units).Select(i => v[i] * slopes[^1][i]).ToArray();
                for (var step = steps - 2; step >= 0; step--)
                {
                    var lost = Norm(Back(delta, moved, slopes[step])) / Norm(delta) - 1;
                    omega += lost * lost / Rows;
                    delta = Back(delta, u, slopes[step]);
                    if (Norm(delta) == 0)
                        break;
                }
            }
            return omega;
        }

        private static double[] Back(double[] delta, double[] weights, double[] slopes) =>
            [.. Enumerable.Range(0, Units).Select(j => slopes[j] * Enumerable.Range(0, Units).Sum(i => delta[i] * weights[i * Units + j]))];

        private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
    }
}
