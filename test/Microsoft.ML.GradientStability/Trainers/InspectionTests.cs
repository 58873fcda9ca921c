using System.Diagnostics;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class InspectionTests
{
    [TestMethod]
    public void A_healthy_network_starts_near_guessing_and_keeps_the_signal()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options { Network = Network.FeedForward(64, 64, 64) with { Normalization = Normalization.None }, Seed = 1 });
        var inspection = trainer.Inspect(Samples.KeyedDigits(ml));
        Assert.IsInRange(1.8, 4, inspection.Loss);
        Assert.AreEqual(Math.Log(10), inspection.LossOfGuessing, 0.01);
        Assert.IsInRange(0.5, 2, inspection.DepthFactor);
        Assert.HasCount(4, inspection.Gradients);
        Assert.HasCount(3, inspection.Activations);
        Assert.AreEqual(64, inspection.Features.All);
        Assert.IsInRange(0.01, 10, inspection.GreatestLearningRate);
        Assert.IsEmpty(inspection.Findings, inspection.ToString());
    }

    [TestMethod]
    public void Curvature_is_the_greatest_eigenvalue_of_the_Hessian()
    {
        var rows = Samples.RandomRows(rows: 40, width: 3, classes: 3);
        var options = new DeepNetworkMulticlassTrainer.Options { Network = Network.FeedForward(5) with { Normalization = Normalization.None, Activation = Activation.Tanh }, BatchSize = 64 };
        using var module = options.Network.CreateModule(3, 3, Initializer.XavierUniform, seed: 2);
        using var parameters = new FlatParameters(module);
        using var batches = rows.Batches(64);
        var before = parameters.ToArray();
        var context = new TrainingContext(options, rows.Objective, module, parameters, DataFacts.Sane(1));
        var inspection = new Preflight(context, module, new FitRandom(1)).Run(batches, []);
        CollectionAssert.AreEqual(before, parameters.ToArray(), "the weights are as they were");
        var exact = ExactCurvature([.. before.Select(weight => (double)weight)], rows);
        Assert.AreEqual(exact, inspection.Curvature, 0.05 * exact);
    }

    [TestMethod]
    [DataRow(1.0, 0)]
    [DataRow(5.0, 1)]
    public void A_rate_beyond_the_curvature_is_told_with_one_that_works(double timesTheLimit, int findings)
    {
        var ml = new MLContext(seed: 1);
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = Network.FeedForward(16) with { Normalization = Normalization.None }, Clipping = GradientClipper.None, Optimizer = Optimizer.Sgd(1e-9), Seed = 1, BatchSize = 150,
        };
        var data = Samples.KeyedClusters(ml);
        var limit = ml.MulticlassClassification.Trainers.DeepNetwork(options).Inspect(data).GreatestLearningRate;
        options.Optimizer = Optimizer.Sgd(timesTheLimit * limit);
        var inspection = ml.MulticlassClassification.Trainers.DeepNetwork(options).Inspect(data);
        Assert.HasCount(findings, inspection.Findings);
        if (findings == 0)
            return;
        Assert.AreEqual("LearningRate", inspection.Findings[0].CauseName);
        inspection.Findings[0].Remedies[0].ApplyTo(options);
        Assert.AreEqual(limit / 2, options.Optimizer.LearningRate, 0.02 * limit);
        Assert.IsEmpty(ml.MulticlassClassification.Trainers.DeepNetwork(options).Inspect(data).Findings);
    }

    /// <summary>The time that the mission sets: under a second.</summary>
    [TestMethod]
    public void The_digits_are_inspected_in_under_a_second()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.DeepNetwork();
        var digits = ml.Data.Cache(Samples.KeyedDigits(ml));
        trainer.Inspect(digits);
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        trainer.Inspect(digits);
        Assert.IsLessThan(1, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
    }

    [TestMethod]
    public void Rows_far_out_are_found_before_a_step_is_taken()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Flagged { Label = i % 3 == 0, Features = i == 7 ? [1e6f, 1e6f] : [i % 5, i % 3] }));
        var inspection = ml.BinaryClassification.Trainers.DeepNetwork().Inspect(data);
        var finding = inspection.Findings.Single();
        Assert.AreEqual("Outlier rows", finding.Kind);
        Assert.AreEqual("Features", finding.CauseName);
        Assert.IsEmpty(finding.Remedies);
        StringAssert.Contains(inspection.ToString(), "2 of 2 features vary");
    }

    /// <summary>The whole Hessian by second differences of the loss in double precision, then its greatest eigenvalue.</summary>
    private static double ExactCurvature(double[] weights, Samples.Rows rows)
    {
        const double step = 1e-4;
        var n = weights.Length;
        double At(int i, double a, int j, double b)
        {
            var moved = weights.ToArray();
            moved[i] += a;
            moved[j] += b;
            return PlainLoss(moved, rows);
        }
        var hessian = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                hessian[i, j] = (At(i, step, j, step) - At(i, step, j, -step) - At(i, -step, j, step) + At(i, -step, j, -step)) / (4 * step * step);
        var direction = Enumerable.Range(0, n).Select(i => Math.Sin(i + 1)).ToArray();
        var eigenvalue = 0.0;
        for (var iteration = 0; iteration < 300; iteration++)
        {
            var length = Math.Sqrt(direction.Sum(d => d * d));
            var unit = direction.Select(d => d / length).ToArray();
            direction = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => hessian[i, j] * unit[j]))];
            eigenvalue = unit.Zip(direction, (u, d) => u * d).Sum();
        }
        return eigenvalue;
    }

    /// <summary>Mean cross-entropy of the network 3→5 tanh→3, written out; weights as they lie: W₁, b₁, W₂, b₂.</summary>
    private static double PlainLoss(double[] w, Samples.Rows rows)
    {
        var sum = 0.0;
        for (var row = 0; row < rows.Count; row++)
        {
            var x = rows.Features.AsSpan(3 * row, 3);
            var hidden = new double[5];
            for (var u = 0; u < 5; u++)
                hidden[u] = Math.Tanh(w[3 * u] * x[0] + w[3 * u + 1] * x[1] + w[3 * u + 2] * x[2] + w[15 + u]);
            var outputs = new double[3];
            for (var k = 0; k < 3; k++)
                outputs[k] = w[35 + k] + hidden.Select((h, u) => h * w[20 + 5 * k + u]).Sum();
            sum += Math.Log(outputs.Sum(Math.Exp)) - outputs[rows.Labels[row]];
        }
        return sum / rows.Count;
    }

    private sealed class Flagged
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        public bool Label { get; set; }
    }
}
