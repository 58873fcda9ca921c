namespace Microsoft.ML.GradientStability.Tests.Trainers;

[TestClass]
public sealed class DeterminismTests
{
    [TestMethod]
    public void The_same_seed_gives_the_same_model_and_another_seed_another()
    {
        CollectionAssert.AreEqual(Fit(contextSeed: null, seed: 5), Fit(contextSeed: null, seed: 5));
        CollectionAssert.AreNotEqual(Fit(contextSeed: null, seed: 5), Fit(contextSeed: null, seed: 6));
    }

    [TestMethod]
    public void Without_a_seed_that_of_the_context_decides()
    {
        CollectionAssert.AreEqual(Fit(contextSeed: 1, seed: null), Fit(contextSeed: 1, seed: null));
        CollectionAssert.AreNotEqual(Fit(contextSeed: 1, seed: null), Fit(contextSeed: 2, seed: null));
    }

    private static byte[] Fit(int? contextSeed, int? seed)
    {
        var ml = new MLContext(contextSeed);
        var options = Samples.Small();
        options.Network = Network.FeedForward(8) with { Dropout = 0.3 };
        options.Seed = seed;
        options.ValidationFraction = 0.1;
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(Samples.KeyedClusters(ml));
        return model.Onnx.ToArray();
    }
}
