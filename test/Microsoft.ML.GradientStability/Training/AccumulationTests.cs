namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>Accumulated batches are one large batch.</summary>
[TestClass]
public sealed class AccumulationTests
{
    public static IEnumerable<object[]> Cases() =>
        from task in EveryTask.All()
        from weighted in new[] { false, true }
        select new[] { task[0], weighted };

    /// <summary>200 rows as 4 × 16 a step: three whole steps and one of 8 rows, which is one batch; as one batch of 64 the same.</summary>
    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Four_batches_of_16_step_like_one_of_64(string task, bool weighted)
    {
        var large = Fit(task, weighted, batchSize: 64, accumulationSteps: 1);
        var accumulated = Fit(task, weighted, batchSize: 16, accumulationSteps: 4);
        Assert.AreEqual(large.Summary.Steps, accumulated.Summary.Steps);
        Assert.AreEqual(large.Summary.Loss, accumulated.Summary.Loss, 1e-5 * large.Summary.Loss);
        var (expected, measured) = (Weights(large), Weights(accumulated));
        Assert.AreEqual(0, expected.Zip(measured, (a, b) => Math.Abs(a - b)).Max(), 2e-5);

        var small = Weights(Fit(task, weighted, batchSize: 16, accumulationSteps: 1));
        Assert.IsGreaterThan(1e-3, expected.Zip(small, (a, b) => Math.Abs(a - b)).Max(), "the batch size makes no difference here, and the test proves nothing");
    }

    [TestMethod]
    public void Class_weights_count_as_in_one_batch()
    {
        double[] weights = [1, 5, 0.5];
        var large = Weights(Fit(EveryTask.Multiclass, false, 64, 1, weights));
        var accumulated = Weights(Fit(EveryTask.Multiclass, false, 16, 4, weights));
        Assert.AreEqual(0, large.Zip(accumulated, (a, b) => Math.Abs(a - b)).Max(), 2e-5);
    }

    private static DeepNetworkModel Fit(string task, bool weighted, int batchSize, int accumulationSteps, double[]? classWeights = null)
    {
        var ml = new MLContext(seed: 1);
        using var model = EveryTask.Fit(ml, task, EveryTask.Load(ml, EveryTask.Rows(200)), options =>
        {
            (options.BatchSize, options.AccumulationSteps, options.Epochs, options.Shuffle) = (batchSize, accumulationSteps, 3, false);
            (options.Network, options.Optimizer, options.Seed) = (Network.FeedForward(8, 8), Optimizer.Sgd(0.1), 3);
            options.ExampleWeightColumnName = weighted ? "Weight" : null;
            if (classWeights is not null)
                ((DeepNetworkMulticlassTrainer.Options)options).ClassWeights = classWeights;
        });
        return model.Model;
    }

    private static float[] Weights(DeepNetworkModel model) => model.Parameters.ToArray();
}
