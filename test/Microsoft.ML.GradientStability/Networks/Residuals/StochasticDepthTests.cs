using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class StochasticDepthTests
{
    private const int Rows = 40000;

    /// <summary>Nine layers after the first; branches of 2 make 5 blocks, the last of one layer.</summary>
    private static NetworkModule Create(double share, int branchLayers, bool postNorm = false) =>
        (Network.FeedForward([.. Enumerable.Repeat(2, 10)]) with
        {
            // Wide bounds make it the identity, and the network linear.
            Activation = Activation.HardTanh(-1e6, 1e6),
            Normalization = Normalization.None,
            Residual = Residual.Identity with { StochasticDepth = share, BranchLayers = branchLayers, PostNorm = postNorm },
        }).CreateModule(3, 2, Initializer.Orthogonal);

    [TestMethod]
    [DataRow(0.6, 1, 9)]
    [DataRow(0.6, 2, 5)]
    [DataRow(0.9, 4, 3)]
    public void Block_l_of_L_survives_with_1_minus_l_over_L_of_the_share(double share, int branchLayers, int blocks)
    {
        using var scope = NewDisposeScope();
        using var module = Create(share, branchLayers);
        var made = module.Parts.OfType<ResidualBlock>().ToArray();
        Assert.HasCount(blocks, made);
        for (var l = 1; l <= blocks; l++)
        {
            var (block, x) = (made[l - 1], ones(Rows, 2));
            block.eval();
            var branch = Plain.Matrix(block.forward(x) - x)[0];
            var keep = 1 - share * l / blocks;
            var kept = 0;
            block.train();
            foreach (var row in Plain.Matrix(block.forward(x) - x))
            {
                if (row[0] != 0)
                    kept++;
                Plain.AreClose(row[0] != 0 ? branch.Select(b => b / keep) : [0, 0], row, 1e-5);
            }
            // Five standard deviations of a binomial share.
            Assert.AreEqual(keep, kept / (double)Rows, 5 * Math.Sqrt(keep * (1 - keep) / Rows) + 1e-9, $"block {l} of {blocks}");
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Its_mean_over_training_is_what_scoring_computes(bool postNorm)
    {
        using var scope = NewDisposeScope();
        using var module = Create(0.5, 1, postNorm);
        var x = tensor(new[] { 1f, -2f, 0.5f }, [1, 3]).expand(4 * Rows, 3).contiguous();
        module.eval();
        var all = Plain.Matrix(module.forward(x));
        var scored = all[0];
        CollectionAssert.AreEqual(scored, all[^1], "scoring does not draw");
        module.train();
        var trained = Plain.Matrix(module.forward(x));
        for (var output = 0; output < 2; output++)
        {
            var values = trained.Select(row => row[output]).ToArray();
            var (mean, error) = (values.Average(), Math.Sqrt(Plain.Variance([values]) / values.Length));
            Assert.IsGreaterThan(0, error, "training draws");
            Assert.AreEqual(scored[output], mean, 5 * error);
        }
    }

    [TestMethod]
    public void No_share_draws_nothing()
    {
        using var scope = NewDisposeScope();
        using var module = Create(0, 1);
        var x = Plain.Tensor(Plain.Random(5, 3, seed: 1));
        module.train();
        Plain.AreClose(Plain.Matrix(module.forward(x)), module.forward(x), 0);
    }
}
