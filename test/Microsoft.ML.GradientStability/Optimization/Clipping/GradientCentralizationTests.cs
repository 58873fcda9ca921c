namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

[TestClass]
public sealed class GradientCentralizationTests
{
    [TestMethod]
    public void Weights_are_projected_and_the_rest_is_left_alone()
    {
        using var bench = new GradientBench(GradientClipper.None);
        var before = GradientBench.Steps(bench.Parameters, 1).Single();
        before.CopyTo(bench.Gradient);
        GradientCentralization.Apply(bench.Parameters);
        var after = bench.Gradient.ToArray();

        Assert.IsTrue(bench.Parameters.Parameters.Any(s => s.IsWeight) && bench.Parameters.Parameters.Any(s => !s.IsWeight));
        foreach (var slice in bench.Parameters.Parameters)
        {
            var n = slice.Columns;
            for (var row = 0; row < slice.Rows; row++)
            {
                var start = slice.Offset + row * n;
                if (!slice.IsWeight)
                {
                    CollectionAssert.AreEqual(before[start..(start + n)], after[start..(start + n)]);
                    continue;
                }
                Assert.AreEqual(0, after[start..(start + n)].Sum(g => (double)g), 1e-7);
                // g·(I − 1·1ᵀ/n), the projection of the paper, written out.
                for (var column = 0; column < n; column++)
                    Assert.AreEqual(
                        Enumerable.Range(0, n).Sum(k => before[start + k] * ((k == column ? 1.0 : 0) - 1.0 / n)), after[start + column], 1e-7);
            }
        }
    }

    [TestMethod]
    public void A_network_with_one_feature_still_learns()
    {
        using var module = (Network.FeedForward(4) with { Normalization = Normalization.None }).CreateModule(1, 2, Initializer.HeNormal);
        using var parameters = new FlatParameters(module);
        parameters.GradientSpan.Fill(0.5f);
        GradientCentralization.Apply(parameters);
        Assert.AreEqual(0.5f, parameters.GradientSpan[0]);
    }

    [TestMethod]
    public void Nothing_is_allocated()
    {
        using var bench = new GradientBench(GradientClipper.None);
        GradientCentralization.Apply(bench.Parameters);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 1000; step++)
            GradientCentralization.Apply(bench.Parameters);
        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
