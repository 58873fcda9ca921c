using System.Runtime.InteropServices;

namespace Microsoft.ML.GradientStability.Tests.Training;

[TestClass]
public sealed class WeightAverageTests
{
    /// <summary>a ← d·a + (1 − d)·w, d = min(decay, (1 + t)/(10 + t)), in doubles, of weights and running statistics.</summary>
    [TestMethod]
    [DataRow(0.999)]
    [DataRow(0.3)]
    [DataRow(0.0)]
    public void The_average_follows_its_formula(double decay)
    {
        using var module = (Network.FeedForward(3) with { Normalization = Normalization.Batch }).CreateModule(2, 2, Initializer.HeUniform);
        using var parameters = new FlatParameters(module);
        var buffer = module.ScoringBuffers().First(b => b.Name.EndsWith("running_mean", StringComparison.Ordinal)).Values;
        var expected = Array.ConvertAll(parameters.ToArray(), w => (double)w);
        double expectedMean = 0;

        var average = new WeightAverage(module, parameters, decay);
        var random = new Random(1);
        for (var t = 1; t <= 30; t++)
        {
            foreach (ref var value in parameters.ValueSpan)
                value += (float)random.NextDouble();
            buffer.fill_((TorchSharp.Scalar)(double)t);
            average.Update();
            var d = Math.Min(decay, (1.0 + t) / (10 + t));
            for (var i = 0; i < expected.Length; i++)
                expected[i] = d * expected[i] + (1 - d) * parameters.ValueSpan[i];
            expectedMean = d * expectedMean + (1 - d) * t;
        }
        var latest = parameters.ToArray();

        average.Swap();
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], parameters.ValueSpan[i], 1e-4);
        Assert.AreEqual(expectedMean, MemoryMarshal.Cast<byte, float>(buffer.bytes)[0], 1e-4);
        average.Swap();
        CollectionAssert.AreEqual(latest, parameters.ToArray());
    }

    /// <summary>Averaged, they would be shorter than 1, and the weights that are divided by what they measure too large.</summary>
    [TestMethod]
    public void The_vectors_of_spectral_normalization_keep_their_length()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var network = Network.FeedForward(5) with { WeightParametrization = WeightParametrization.SpectralNormalization };
        using var module = network.CreateModule(4, 2, Initializer.HeUniform);
        using var parameters = new FlatParameters(module);
        var average = new WeightAverage(module, parameters, 0.9);
        var random = new Random(1);
        for (var t = 0; t < 30; t++)
        {
            foreach (ref var value in parameters.ValueSpan)
                value += (float)(random.NextDouble() - 0.5);
            module.forward(TorchSharp.torch.ones(3, 4));
            average.Update();
        }
        average.Swap();
        var vectors = module.ScoringBuffers().ToArray();
        Assert.HasCount(4, vectors);
        foreach (var (name, vector) in vectors)
            Assert.AreEqual(1, vector.square().sum().sqrt().item<float>(), 1e-5, name);
    }

    [TestMethod]
    public void Taking_in_a_step_allocates_nothing()
    {
        using var module = Network.FeedForward(16, 16).CreateModule(4, 2, Initializer.HeUniform);
        using var parameters = new FlatParameters(module);
        var average = new WeightAverage(module, parameters, 0.99);
        average.Update();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            average.Update();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_decay_of_0_is_no_average()
    {
        CollectionAssert.AreEqual(Fit(null, null), Fit(0, null));
        CollectionAssert.AreEqual(Fit(null, 0.2), Fit(0, 0.2));
    }

    /// <summary>One step: d is 2/11, and the model lies that far from where the step went to where it came from.</summary>
    [TestMethod]
    [DataRow(null)]
    [DataRow(0.2)]
    public void The_model_gets_the_average(double? validationFraction)
    {
        var (start, plain, averaged) = (Fit(null, validationFraction, learningRate: 1e-12), Fit(null, validationFraction), Fit(0.999, validationFraction));
        for (var i = 0; i < start.Length; i++)
            Assert.AreEqual(2.0 / 11 * start[i] + 9.0 / 11 * plain[i], averaged[i], 1e-6);
        Assert.IsGreaterThan(1e-3, plain.Zip(averaged, (a, b) => Math.Abs(a - b)).Max());
    }

    private static float[] Fit(double? decay, double? validationFraction, double learningRate = 0.5)
    {
        var ml = new MLContext(seed: 1);
        using var model = EveryTask.Fit(ml, EveryTask.Binary, EveryTask.Load(ml, EveryTask.Rows(64)), options =>
        {
            (options.BatchSize, options.Epochs, options.Seed, options.EmaDecay) = (64, 1, 3, decay);
            (options.Network, options.Optimizer) = (Network.FeedForward(8), Optimizer.Sgd(learningRate));
            options.ValidationFraction = validationFraction ?? 0;
        });
        return model.Model.Parameters.ToArray();
    }
}
