using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>The range test against the loop everybody writes, parameter by parameter.</summary>
[TestClass]
public sealed class LearningRateRangeTestTests
{
    private const int BatchSize = 16, Steps = 30;
    private const double Lowest = 1e-3, Highest = 0.5;

    [TestMethod]
    public void Losses_rates_and_their_average_are_those_of_a_plain_loop()
    {
        // 48 rows are 3 batches an epoch; 30 steps begin anew nine times.
        var rows = Samples.RandomRows(rows: 48, width: 6, classes: 3);
        var network = Network.FeedForward(12) with { Normalization = Normalization.None };
        var points = RangeTest(network, rows).Points;

        using var module = network.CreateModule(6, 3, Initializer.HeNormal);
        using var optimizer = optim.SGD(module.parameters(), Lowest, momentum: 0.9);
        using var features = tensor(rows.Features, [rows.Count, rows.Width]);
        using var labels = tensor(rows.Labels);
        var (random, order, average) = (new FitRandom(9), rows.Numbers, 0.0);
        module.train();
        Assert.HasCount(Steps, points);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var start = step * BatchSize % order.Length;
            if (start == 0)
            {
                // Every epoch's order is its own, not one that goes on from the last.
                order = rows.Numbers;
                random.Order(1 + step * BatchSize / order.Length).Shuffle(order);
            }
            var index = tensor(order[start..(start + BatchSize)]);
            var rate = Lowest * Math.Pow(Highest / Lowest, step / (Steps - 1.0));
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = rate;
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(module.forward(features.index_select(0, index)), labels.index_select(0, index));
            loss.backward();
            nn.utils.clip_grad_norm_(module.parameters(), 0.5);
            optimizer.step();

            average = 0.9 * average + 0.1 * loss.item<float>();
            Assert.AreEqual(rate, points[step].LearningRate, 1e-12 * rate, $"step {step}");
            Assert.AreEqual(loss.item<float>(), points[step].Loss, 1e-4 * points[step].Loss, $"step {step}");
            Assert.AreEqual(average / (1 - Math.Pow(0.9, step + 1)), points[step].SmoothedLoss, 1e-4 * points[step].SmoothedLoss, $"step {step}");
        }
    }

    private static LearningRateCurve RangeTest(Network network, Samples.Rows rows)
    {
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Network = network,
            Optimizer = Optimizer.Sgd(123, momentum: 0.9),
            Clipping = GradientClipper.Norm(0.5),
            BatchSize = BatchSize,
        };
        using var module = network.CreateModule(6, 3, Initializer.HeNormal);
        using var parameters = new FlatParameters(module);
        using var batches = rows.Batches(BatchSize);
        return new LearningRateRangeTest(new TrainingContext(options, rows.Objective, module, parameters, DataFacts.Sane(1)), module)
            .Run(batches, new FitRandom(9), Cancellation.None, Lowest, Highest, Steps);
    }
}
