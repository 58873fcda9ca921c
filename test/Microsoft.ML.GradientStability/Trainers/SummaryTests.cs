using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class SummaryTests
{
    [TestMethod]
    public void A_model_tells_what_it_is_and_how_its_training_went()
    {
        var ml = new MLContext(seed: 1);
        var last = default(TrainingProgress);
        var options = Samples.Small();
        options.ValidationFraction = 0.2;
        options.Clipping = GradientClipper.Norm(1e-3);
        options.Progress = new Keep(p => last = p);
        using var transformer = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml));

        Assert.AreEqual("Features", transformer.FeatureColumnName);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 2), transformer.FeatureColumnType);
        var model = transformer.Model;
        Assert.AreEqual(Network.FeedForward(8, 8), model.Network);
        // Weights and biases of 2→8, 8→8 and 8→3, and scale and shift of two layer normalizations of 8.
        Assert.AreEqual(2 * 8 + 8 + 8 * 8 + 8 + 8 * 3 + 3 + 2 * (8 + 8), model.ParameterCount);

        var summary = model.Summary;
        Assert.AreEqual(options.Epochs, summary.Epochs);
        Assert.AreEqual(last!.Step, summary.Steps);
        Assert.AreEqual(last.Loss, summary.Loss);
        Assert.AreEqual(last.ValidationLoss, summary.ValidationLoss);
        Assert.AreEqual(last.ValidationAccuracy, summary.ValidationAccuracy);
        Assert.AreEqual(1, last.ClippedShare, "every step exceeds a norm of 0.001");
        Assert.IsTrue(summary.Duration >= last.Elapsed && last.Elapsed > TimeSpan.Zero);
        Assert.IsEmpty(summary.Findings);
    }

    private sealed class Keep(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
