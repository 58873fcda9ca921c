using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class FixupTests
{
    private const int Inputs = 40, Units = 60, Outputs = 3;

    private static NetworkModule Create(Initializer initializer, int hidden, int branchLayers, bool postNorm = false) =>
        (Network.FeedForward([.. Enumerable.Repeat(Units, hidden)]) with
        {
            Normalization = Normalization.None, Residual = Residual.Identity with { BranchLayers = branchLayers, PostNorm = postNorm },
        }).CreateModule(Inputs, Outputs, initializer);

    [TestMethod]
    [DataRow(2, false)]
    [DataRow(3, false)]
    [DataRow(3, true)]
    public void Weights_have_the_published_scale(int m, bool postNorm)
    {
        using var scope = NewDisposeScope();
        // One layer before the branches, and one left over for the last of them.
        const int branches = 9;
        using var module = Create(Initializer.Fixup, 1 + (branches - 1) * m + 1, m, postNorm);
        var blocks = module.Parts.OfType<ResidualBlock>().ToArray();
        Assert.HasCount(branches, blocks);
        Assert.AreEqual(0, Deviation(module.Layers[^1]));
        // ReLU follows the first layer where it stands before the blocks alone; else it is linear.
        Near((postNorm ? Math.Sqrt(2.0 / Inputs) : Math.Sqrt(1.0 / Inputs)), Deviation(module.Layers[0]));
        foreach (var block in blocks)
        {
            Assert.AreEqual(0, Deviation(block.Layers[^1]));
            foreach (var layer in block.Layers.SkipLast(1))
                Near(Math.Sqrt(2.0 / Units) * Math.Pow(branches, -1.0 / (2 * m - 2)), Deviation(layer));
        }

        // The deviation of n normal numbers varies by 1/√(2n); five times that.
        static void Near(double expected, double actual) => Assert.AreEqual(expected, actual, expected * 5 / Math.Sqrt(2.0 * Inputs * Units));
    }

    [TestMethod]
    public void A_branch_may_be_longer_than_any_network()
    {
        using var module = Create(Initializer.Fixup, hidden: 4, branchLayers: int.MaxValue);
        var block = module.Parts.OfType<ResidualBlock>().Single();
        Assert.HasCount(3, block.Layers);
        Assert.IsGreaterThan(0, Deviation(block.Layers[0]));
    }

    /// <summary>He's weights double the variance in every block; 30 blocks make 2³⁰ of it.</summary>
    [TestMethod]
    public void Sixty_layers_without_normalization_start_moderately()
    {
        var fixup = Norms(Initializer.Fixup);
        Assert.IsLessThan(20, fixup.Max());
        Assert.IsGreaterThan(1e-8, fixup.Min(), "after two steps every layer learns");
        Assert.IsGreaterThan(1000, Norms(Initializer.HeNormal).Max());

        static double[] Norms(Initializer initializer)
        {
            var rows = Samples.RandomRows(rows: 32, Inputs, Outputs);
            using var module = Create(initializer, 61, 2);
            using var parameters = new FlatParameters(module);
            for (var step = 0; step < 3; step++)
            {
                parameters.ClearGradients();
                ResidualTests.Backward(module, rows);
                if (step < 2 && initializer is FixupInitializer)
                    parameters.Weights.Add(parameters.Gradients, -0.1f);
            }
            return [.. parameters.Layers.Select(layer => L2Norm.Of(parameters.GradientsOf(layer)))];
        }
    }

    /// <summary>Its first gradient reaches the output layer alone, which is nothing to warn of.</summary>
    [TestMethod]
    public void A_fit_finds_nothing_and_learns()
    {
        var ml = new MLContext(seed: 1);
        var data = Samples.KeyedClusters(ml);
        var options = Samples.Small();
        options.Network = Network.FeedForward(8, 8, 8, 8, 8) with { Normalization = Normalization.None, Residual = Residual.Identity with { BranchLayers = 2 } };
        (options.Initializer, options.Optimizer, options.Epochs) = (Initializer.Fixup, Optimizer.Adam(0.01), 20);
        using var model = ml.MulticlassClassification.Trainers.DeepNetwork(options).Fit(data);
        Assert.IsEmpty(model.Model.Summary.Findings);
        Assert.IsGreaterThan(0.95, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    /// <summary>Two layers of zeros in a row would pass no gradient at all, for ever.</summary>
    [TestMethod]
    public void An_autoencoder_learns_on_both_sides_of_its_embedding()
    {
        using var scope = NewDisposeScope();
        var network = Network.FeedForward(8, 8, 8) with { Normalization = Normalization.None, Residual = Residual.Identity with { BranchLayers = 2 } };
        using var module = network.CreateAutoencoder(6, 4, Initializer.Fixup);
        Assert.IsGreaterThan(0, Deviation(module.Layers.Single(layer => layer.Name == "embedding")));
        Assert.AreEqual(0, Deviation(module.Layers.Single(layer => layer.Name == "output")));
        module.forward(Plain.Tensor(Plain.Random(5, 6, seed: 1))).sum().backward();
        Assert.IsGreaterThan(0, Plain.Norm(Plain.Vector(module.Layers[^1].parameters().First().grad!)));
    }

    private static double Deviation(Layer layer) => Math.Sqrt(layer.SquaredWeightNorm() / (layer.Inputs * layer.Units));
}
