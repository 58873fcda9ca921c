namespace Microsoft.ML.GradientStability.Tests.Options;

[TestClass]
public sealed class StepBudgetTests
{
    [TestMethod]
    [DataRow(100, 0, 32, 75, DisplayName = "few numbers: 300 steps of 4 batches a pass")]
    [DataRow(100, 2, 32, 25, DisplayName = "two classes: 100 steps")]
    [DataRow(100, 3, 32, 38, DisplayName = "three classes: 150 steps")]
    [DataRow(640, 30, 32, 20, DisplayName = "eight of thirty classes count: 400 steps of 20")]
    [DataRow(1024, 2, 64, 12, DisplayName = "1024^¾ = 181 steps of 16")]
    [DataRow(2048, 2, 128, 20, DisplayName = "2048^¾ = 304 steps of 16")]
    [DataRow(10_000, 0, 256, 25, DisplayName = "10,000^¾ = 1,000 steps of 40")]
    [DataRow(100_000, 0, 256, 8, DisplayName = "at most 3,000 steps of 391")]
    [DataRow(10_000_000, 0, 256, 1, DisplayName = "one pass at least")]
    public void Steps_follow_from_the_rows(int rows, int classes, int batchSize, int epochs) =>
        Assert.AreEqual(new StepBudget(batchSize, epochs), StepBudget.Of(new DeepNetworkRegressionTrainer.Options(), rows, classes, littleNoise: false));

    [TestMethod]
    [DataRow(100, 0, 100, DisplayName = "few numbers: 100 passes")]
    [DataRow(500, 0, 75, DisplayName = "1,200 steps of 16")]
    [DataRow(10_000, 0, 30, DisplayName = "1,200 steps of 40")]
    [DataRow(20_000, 0, 22, DisplayName = "20,000^¾ = 1,682 steps of 79")]
    [DataRow(100_000, 0, 8, DisplayName = "at most 3,000 steps of 391")]
    [DataRow(100, 2, 75, DisplayName = "two classes: three times 100 steps of 4")]
    [DataRow(2048, 3, 58, DisplayName = "three times 2048^¾ = 913 steps of 16")]
    [DataRow(100_000, 2, 8, DisplayName = "classes too: at most 3,000 steps of 391")]
    public void Rows_of_little_noise_are_learnt_for_longer(int rows, int classes, int epochs) =>
        Assert.AreEqual(epochs, StepBudget.Of(new DeepNetworkRegressionTrainer.Options(), rows, classes, littleNoise: true).Epochs);

    [TestMethod]
    public void What_options_name_is_taken_and_the_rest_follows()
    {
        var options = new DeepNetworkRegressionTrainer.Options { Epochs = 7 };
        Assert.AreEqual(new StepBudget(32, 7), StepBudget.Of(options, 100, 0, littleNoise: true));
        (options.Epochs, options.BatchSize, options.AccumulationSteps) = (null, 10, 2);
        Assert.AreEqual(new StepBudget(10, 60), StepBudget.Of(options, 100, 0, littleNoise: false));
    }

    [TestMethod]
    [DataRow(EveryTask.Binary)]
    [DataRow(EveryTask.Multiclass)]
    [DataRow(EveryTask.Regression)]
    public void A_model_tells_what_its_rows_made_of_the_defaults(string task)
    {
        var ml = new MLContext(seed: 1);
        using var model = EveryTask.Fit(ml, task, EveryTask.Load(ml, EveryTask.Rows()), o =>
            (o.Epochs, o.BatchSize, o.Network) = (null, null, new DeepNetworkBinaryTrainer.Options().Network));
        var options = model.Model.Options;
        var network = (FeedForwardNetwork)options.Network;
        Assert.AreEqual(4, network.Ensemble);
        var candidate = ((NetworkChoice)new DeepNetworkBinaryTrainer.Options().Network).Candidates.IndexOf(network with { Ensemble = null });
        Assert.IsGreaterThanOrEqualTo(0, candidate);
        var budget = StepBudget.Of(new DeepNetworkBinaryTrainer.Options(), 200, task == EveryTask.Regression ? 0 : task == EveryTask.Binary ? 2 : 3, littleNoise: candidate == 0);
        Assert.AreEqual((budget.BatchSize, budget.Epochs), (options.BatchSize, options.Epochs));
        Assert.AreEqual(budget.Epochs, model.Model.Summary.Epochs);
    }
}
