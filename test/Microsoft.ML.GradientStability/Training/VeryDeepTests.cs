namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>Networks that only their start lets learn, without any normalization, on a held-out fifth of the digits.</summary>
[TestClass]
public sealed class VeryDeepTests
{
    [TestMethod]
    public void Fifty_plain_layers_of_tanh_learn_from_orthogonal_weights() => AssertLearns(
        Network.FeedForward([.. Enumerable.Repeat(128, 50)]) with { Activation = Activation.Tanh, Normalization = Normalization.None },
        Initializer.Orthogonal, learningRate: 2e-4, epochs: 60);

    [TestMethod]
    public void A_hundred_layers_learn_behind_gates_that_start_at_0() => AssertLearns(
        Network.FeedForward([.. Enumerable.Repeat(64, 100)]) with { Normalization = Normalization.None, Residual = Residual.Gated() },
        Initializer.HeUniform, learningRate: 1e-3, epochs: 40);

    private static void AssertLearns(FeedForwardNetwork network, Initializer initializer, double learningRate, int epochs)
    {
        var ml = new MLContext(seed: 1);
        var split = ml.Data.TrainTestSplit(Samples.KeyedDigits(ml), testFraction: 0.2, seed: 1);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(new DeepNetworkMulticlassTrainer.Options
        {
            Network = network,
            Initializer = initializer,
            Optimizer = Optimizer.Adam(learningRate),
            Schedule = LearningRateSchedule.Cosine,
            LabelSmoothing = 0.1,
            Epochs = epochs,
            Seed = 1,
        }).Fit(split.TrainSet);
        Assert.IsEmpty(model.Model.Summary.Findings, string.Join("\n", model.Model.Summary.Findings));
        Assert.IsGreaterThanOrEqualTo(0.95, ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy);
    }
}
