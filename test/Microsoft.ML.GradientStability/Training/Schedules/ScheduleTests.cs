namespace Microsoft.ML.GradientStability.Tests.Training.Schedules;

[TestClass]
public sealed class ScheduleTests
{
    [TestMethod]
    [DataRow(0.0, 1.0)]
    [DataRow(1.0 / 3, 0.75)]
    [DataRow(0.5, 0.5)]
    [DataRow(2.0 / 3, 0.25)]
    public void Cosine_falls_along_half_a_cosine(double progress, double factor)
    {
        Assert.AreEqual(factor, LearningRateSchedule.Cosine.Factor(progress), 1e-12);
        Assert.AreEqual(1, LearningRateSchedule.Constant.Factor(progress));
    }

    /// <summary>One weight step a batch of SGD: what two steps move apart from the gradient is η·(1 + ½·(1 + cos(π/2))).</summary>
    [TestMethod]
    public void The_loop_steps_with_the_rate_of_the_schedule()
    {
        var rows = Samples.RandomRows(rows: 8, width: 2, classes: 2);
        var weights = Array.ConvertAll(new LearningRateSchedule[] { LearningRateSchedule.Constant, LearningRateSchedule.Cosine }, schedule =>
        {
            TorchSharp.torch.manual_seed(1);
            var options = new DeepNetworkMulticlassTrainer.Options
            {
                Network = Network.FeedForward(3) with { Normalization = Normalization.None },
                Optimizer = Optimizer.Sgd(1e-3),
                Clipping = GradientClipper.None,
                Schedule = schedule,
                BatchSize = 8,
                Epochs = 2,
            };
            using var module = options.Network.CreateModule(2, 2, Initializer.HeUniform);
            using var parameters = new FlatParameters(module);
            var before = parameters.ToArray();
            Fits.Run(options, module, parameters, rows, new Random(1));
            return parameters.ToArray().Zip(before, (after, start) => (double)after - start).ToArray();
        });
        // With a rate this small both steps see the same gradient: Δ = −η·g·(1 + 1) against −η·g·(1 + ½).
        var largest = Array.IndexOf(weights[0], weights[0].MaxBy(Math.Abs));
        Assert.AreEqual(0.75, weights[1][largest] / weights[0][largest], 2e-3);
    }
}
