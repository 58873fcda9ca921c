using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Tasks;

/// <summary>Losses and their gradients against their definitions, written out in double precision.</summary>
[TestClass]
public sealed class ObjectiveTests
{
    private static readonly float[] s_logits = [-1000, -30, -2, -0.1f, 0, 0.1f, 2, 30, 1000];

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(3.5)]
    [DataRow(0.25)]
    public void Log_loss_overflows_for_no_logit(double positiveWeight)
    {
        var objective = new BinaryObjective(positiveWeight, 0.5);
        foreach (var logit in s_logits)
        {
            foreach (var yes in new[] { false, true })
            {
                double x = logit;
                // log(1 + e^−x) is −x where e^−x is beyond a double.
                var expected = yes ? positiveWeight * Softplus(-x) : Softplus(x);
                var slope = yes ? -positiveWeight / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));
                var (loss, gradient) = Evaluate(objective, [logit], 1, tensor(new[] { yes ? 1f : 0 }));
                Assert.AreEqual(expected, loss, 1e-6 * Math.Max(1, expected), $"loss at {x}, {yes}");
                Assert.AreEqual(slope, gradient[0], 1e-6 * Math.Max(1, Math.Abs(slope)), $"gradient at {x}, {yes}");
            }
        }

        static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
    }

    [TestMethod]
    public void Log_loss_is_a_mean_over_rows_with_weights()
    {
        var objective = new BinaryObjective(2, 0.5);
        float[] logits = [0.5f, -1, 2];
        var losses = new[] { 2 * Math.Log(1 + Math.Exp(-0.5)), Math.Log(1 + Math.Exp(-1)), 2 * Math.Log(1 + Math.Exp(-2)) };
        Assert.AreEqual(losses.Average(), Evaluate(objective, logits, 1, tensor(new float[] { 1, 0, 1 })).Loss, 1e-6);
        Assert.AreEqual((losses[0] + 4 * losses[1]) / 5, Evaluate(objective, logits, 1, tensor(new float[] { 1, 0, 1 }), [1, 4, 0]).Loss, 1e-6);
        Assert.AreEqual((losses[0] + 4 * losses[1]) / 5, Evaluate(objective, logits, 1, tensor(new float[] { 1, 0, 1 }), [2, 8, 0]).Loss, 1e-6);
    }

    public static IEnumerable<object[]> Losses() =>
    [
        [RegressionLoss.Squared, (double e) => e * e, (double e) => 2 * e],
        [RegressionLoss.Absolute, (double e) => Math.Abs(e), (double e) => (double)Math.Sign(e)],
        [RegressionLoss.Huber(), (double e) => Math.Abs(e) <= 1 ? e * e / 2 : Math.Abs(e) - 0.5, (double e) => Math.Clamp(e, -1, 1)],
        [RegressionLoss.Huber(0.2), (double e) => Math.Abs(e) <= 0.2 ? e * e / 2 : 0.2 * (Math.Abs(e) - 0.1), (double e) => Math.Clamp(e, -0.2, 0.2)],
    ];

    [TestMethod]
    [DynamicData(nameof(Losses))]
    public void Regression_losses_of_standardized_errors(RegressionLoss loss, Func<double, double> value, Func<double, double> slope)
    {
        const double mean = 5, deviation = 4;
        var objective = new RegressionObjective(loss, mean, deviation);
        foreach (var output in new[] { -100f, -1.3f, -0.1f, 0.05f, 0.7f, 100 })
        {
            const float target = 6;
            var error = output - (target - mean) / deviation;
            var (actual, gradient) = Evaluate(objective, [output], 1, tensor(new[] { target }));
            Assert.AreEqual(value(error), actual, 1e-5 * Math.Max(1, value(error)), $"{loss} at {error}");
            Assert.AreEqual(slope(error), gradient[0], 1e-5 * Math.Max(1, Math.Abs(slope(error))), $"slope of {loss} at {error}");
        }
        var two = Evaluate(objective, [0, 1], 1, tensor(new float[] { 7, 7 }), [1, 3]).Loss;
        Assert.AreEqual((value(-0.5) + 3 * value(0.5)) / 4, two, 1e-6);
    }

    /// <summary>
    /// PyTorch's cross-entropy with targets by index, weights c and smoothing ε over K classes:
    /// l = (1 − ε)·c_y·(−log p_y) + ε/K·Σ_k c_k·(−log p_k), averaged as Σl / Σc_y.
    /// </summary>
    [TestMethod]
    [DataRow(0.0, false, false)]
    [DataRow(0.3, false, false)]
    [DataRow(0.0, true, false)]
    [DataRow(0.3, true, false)]
    [DataRow(0.0, false, true)]
    [DataRow(0.3, true, true)]
    public void Cross_entropy_with_smoothing_and_weights(double smoothing, bool classWeighted, bool weighted)
    {
        double[] c = classWeighted ? [0.5, 2, 1] : [1, 1, 1];
        double[] w = weighted ? [1, 3, 0.5, 2] : [1, 1, 1, 1];
        long[] y = [0, 2, 1, 1];
        float[] logits = [0.3f, -1, 2, 4, 0.5f, -0.5f, 0, 0, 1, -2, 3, 0.1f];
        double losses = 0, weights = 0;
        for (var row = 0; row < 4; row++)
        {
            var z = logits.Skip(3 * row).Take(3).Select(x => (double)x).ToArray();
            var minusLog = z.Select(x => Math.Log(z.Sum(Math.Exp)) - x).ToArray();
            losses += w[row] * ((1 - smoothing) * c[y[row]] * minusLog[y[row]] + smoothing / 3 * c.Zip(minusLog, (a, b) => a * b).Sum());
            weights += w[row] * c[y[row]];
        }
        var objective = new MulticlassObjective(new UnnamedClassLabels(3), smoothing, classWeighted ? c : null);
        var actual = Evaluate(objective, logits, 3, tensor(y), weighted ? [.. w.Select(x => (float)x)] : null).Loss;
        Assert.AreEqual(losses / weights, actual, 1e-6);
    }

    [TestMethod]
    public void Weights_of_1_are_no_weights()
    {
        var objective = new MulticlassObjective(new UnnamedClassLabels(3), 0.1, [1, 5, 2]);
        float[] logits = [0.3f, -1, 2, 4, 0.5f, -0.5f];
        long[] y = [1, 2];
        Assert.AreEqual(Evaluate(objective, logits, 3, tensor(y)).Loss, Evaluate(objective, logits, 3, tensor(y), [1, 1]).Loss, 1e-6);
    }

    [TestMethod]
    public void A_batch_of_classes_that_count_nothing_teaches_nothing()
    {
        var objective = new MulticlassObjective(new UnnamedClassLabels(3), 0, [0, 1, 1]);
        var (loss, gradient) = Evaluate(objective, [1, 2, 3], 3, tensor(new[] { 0L }));
        Assert.AreEqual(0, loss);
        CollectionAssert.AreEqual(new float[3], gradient);
    }

    /// <summary>The best constant answer, found by trying many.</summary>
    [TestMethod]
    [DataRow(0.5, 1.0)]
    [DataRow(0.1, 1.0)]
    [DataRow(0.1, 9.0)]
    [DataRow(0.7, 0.3)]
    public void The_loss_of_guessing_yes_or_no(double share, double positiveWeight)
    {
        var best = Enumerable.Range(1, 9999).Select(i => i / 10000.0).Min(p => -(positiveWeight * share * Math.Log(p) + (1 - share) * Math.Log(1 - p)));
        Assert.AreEqual(best, new BinaryObjective(positiveWeight, share).LossOfGuessing, 1e-6);
    }

    [TestMethod]
    public void The_loss_of_guessing_one_of_many_and_a_number()
    {
        Assert.AreEqual(Math.Log(7), new MulticlassObjective(new UnnamedClassLabels(7), 0, null).LossOfGuessing);
        Assert.AreEqual(1, new RegressionObjective(RegressionLoss.Squared, 3, 2).LossOfGuessing);
    }

    private static (double Loss, float[] Gradient) Evaluate(SupervisedObjective objective, float[] outputs, int width, Tensor targets, float[]? weights = null)
    {
        using var scope = NewDisposeScope();
        using var _ = targets;
        var x = tensor(outputs, [outputs.Length / width, width], requires_grad: true);
        var loss = objective.Loss(x, targets, weights is null ? null : tensor(weights));
        loss.backward();
        return (loss.item<float>(), x.grad!.data<float>().ToArray());
    }
}
