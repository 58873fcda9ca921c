namespace Microsoft.ML.GradientStability.Tests.Data;

[TestClass]
public sealed class RowStatisticsTests
{
    [TestMethod]
    public void Means_and_deviations_are_those_of_the_definition()
    {
        var random = new Random(2);
        var rows = Enumerable.Range(0, 1000).Select(_ => new[] { (float)random.NextDouble(), 1000 + 3 * (float)random.NextDouble(), -50 * (float)random.NextDouble() }).ToArray();
        var targets = rows.Select(r => 2 * r[0] + r[1]).ToArray();
        var statistics = new RowStatistics(3);
        for (var i = 0; i < rows.Length; i++)
            statistics.Add(rows[i], targets[i], targetsAreClasses: false);

        Assert.AreEqual(1000, statistics.Count);
        var mean = targets.Average(t => (double)t);
        Assert.AreEqual(mean, statistics.TargetMean, 1e-9);
        Assert.AreEqual(Math.Sqrt(targets.Average(t => (t - mean) * (t - mean))), statistics.TargetDeviation, 1e-9);
        Assert.AreEqual(rows.Max(r => r.Max(Math.Abs)), statistics.GreatestFeature);
        Assert.IsEmpty(statistics.RowsOfTarget);

        using var scope = TorchSharp.torch.NewDisposeScope();
        var (means, scales, offsets) = statistics.Scaling();
        using var scaling = new InputScaling(means, scales, offsets);
        var scaled = scaling.forward(TorchSharp.torch.tensor(rows.SelectMany(r => r).ToArray(), [1000, 3])).data<float>().ToArray();
        for (var c = 0; c < 3; c++)
        {
            var column = Enumerable.Range(0, 1000).Select(r => (double)scaled[3 * r + c]).ToArray();
            Assert.AreEqual(0, column.Average(), 1e-4, $"mean {c}");
            Assert.AreEqual(1, column.Average(x => x * x), 1e-4, $"variance {c}");
        }
    }

    /// <summary>A thousand copies of 1e8/3 have no deviation, whatever rounding makes of it; nor has a feature that is always 0.</summary>
    [TestMethod]
    public void A_feature_that_never_changes_is_scaled_by_0()
    {
        var statistics = new RowStatistics(3);
        for (var i = 0; i < 1000; i++)
            statistics.Add([1e8f / 3, 0, i], 0, targetsAreClasses: false);
        var (_, scale, _) = statistics.Scaling();
        Assert.AreEqual(0, scale[0]);
        Assert.AreEqual(0, scale[1]);
        Assert.AreEqual(1 / Math.Sqrt((1000.0 * 1000 - 1) / 12), scale[2], 1e-8);
    }

    [TestMethod]
    public void Classes_are_counted()
    {
        var statistics = new RowStatistics(1);
        foreach (var target in new float[] { 0, 2, 2, 0, 2 })
            statistics.Add([1], target, targetsAreClasses: true);
        CollectionAssert.AreEqual(new[] { (0f, 2L), (2f, 3L) }, statistics.RowsOfTarget.Select(p => (p.Key, p.Value)).ToArray());
    }
}
