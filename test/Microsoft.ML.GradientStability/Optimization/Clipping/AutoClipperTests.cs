namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

[TestClass]
public sealed class AutoClipperTests
{
    [TestMethod]
    [DataRow(0.0)]
    [DataRow(10.0)]
    [DataRow(33.3)]
    [DataRow(50.0)]
    [DataRow(99.0)]
    public void The_whole_gradient_is_scaled_to_the_percentile_of_all_norms(double percentile) =>
        GradientBench.AssertFollows(GradientClipper.AutoClip(percentile), _ =>
        {
            var norms = new List<double>();
            return gradient =>
            {
                var norm = GradientBench.L2(gradient);
                if (norm == 0)
                    return gradient;
                norms.Add(norm);
                var limit = Percentile(norms, percentile);
                return norm > limit ? Array.ConvertAll(gradient, g => g * limit / norm) : gradient;
            };
        }, steps: 400);

    /// <summary>numpy.percentile's default, as its documentation defines it.</summary>
    private static double Percentile(List<double> values, double percentile)
    {
        var sorted = values.Order().ToArray();
        var index = percentile / 100 * (sorted.Length - 1);
        var (below, share) = ((int)Math.Floor(index), index - Math.Floor(index));
        return share == 0 ? sorted[below] : (1 - share) * sorted[below] + share * sorted[below + 1];
    }

    [TestMethod]
    public void The_norm_of_the_step_itself_counts()
    {
        using var bench = new GradientBench(GradientClipper.AutoClip(50));
        Assert.AreEqual(2, bench.ClipNorm(2));
        Assert.AreEqual(3, bench.ClipNorm(4), 1e-6, "between 2 and 4");
        Assert.AreEqual(4, bench.ClipNorm(100), 1e-6, "the history holds 4, not the 3 it was clipped to");
    }

    [TestMethod]
    public void Numpys_example()
    {
        // numpy.percentile([10, 7, 4, 3, 2, 1], 50) = 3.5, its manual's example.
        using var bench = new GradientBench(GradientClipper.AutoClip(50));
        foreach (var norm in new[] { 7, 4, 3, 2, 1 })
            bench.ClipNorm(norm);
        Assert.AreEqual(3.5, bench.ClipNorm(10), 1e-6);
    }

    [TestMethod]
    public void The_hundredth_percentile_clips_nothing()
    {
        using var bench = new GradientBench(GradientClipper.AutoClip(100));
        foreach (var norm in new[] { 1.0, 1000, 0.5, 4000, 3 })
            Assert.AreEqual(norm, bench.ClipNorm(norm));
    }
}
