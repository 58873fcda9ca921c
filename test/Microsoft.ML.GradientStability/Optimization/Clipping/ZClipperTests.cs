namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

[TestClass]
public sealed class ZClipperTests
{
    public static IEnumerable<object[]> Rules() =>
    [
        [GradientClipper.ZClip(maxNorm: null)],
        [GradientClipper.ZClip(maxNorm: 2)],
        [GradientClipper.ZClip(1.5, null) with { Alpha = 0.8, WarmUpSteps = 5, Epsilon = 0.1 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Outliers_are_scaled_below_the_threshold_of_the_paper(ZClipper rule) => GradientBench.AssertFollows(rule, _ =>
    {
        var first = new List<double>();
        double mean = 0, variance = 0;
        return gradient =>
        {
            var norm = GradientBench.L2(gradient);
            if (norm == 0)
                return gradient;
            var allowed = norm;
            if (first.Count < rule.WarmUpSteps)
            {
                first.Add(norm);
                mean = first.Average();
                variance = first.Average(n => (n - mean) * (n - mean));
            }
            else
            {
                var z = (norm - mean) / (Math.Sqrt(variance) + rule.Epsilon);
                if (z > rule.ZThreshold)
                    allowed = mean + rule.ZThreshold * Math.Sqrt(variance) / (z / rule.ZThreshold);
                mean = rule.Alpha * mean + (1 - rule.Alpha) * allowed;
                variance = rule.Alpha * variance + (1 - rule.Alpha) * Math.Pow(allowed - mean, 2);
            }
            var limit = Math.Min(allowed, rule.MaxNorm ?? double.MaxValue);
            return norm > limit ? Array.ConvertAll(gradient, g => g * limit / norm) : gradient;
        };
    });

    [TestMethod]
    public void The_threshold_by_hand()
    {
        // Mean 2 and deviation 1 after the warm-up: up to 4.5 is usual; 12 has z = 10 and gets 2 + 2.5²/10.
        foreach (var (norm, expected) in new[] { (4.499, 4.499), (12.0, 2.625), (102.0, 2.0625) })
        {
            using var bench = new GradientBench(GradientClipper.ZClip(maxNorm: null) with { WarmUpSteps = 4 });
            foreach (var usual in new[] { 1.0, 3, 3, 1 })
                Assert.AreEqual(usual, bench.ClipNorm(usual), "warm-up");
            Assert.AreEqual(expected, bench.ClipNorm(norm), 1e-5);
        }
    }

    [TestMethod]
    public void The_bound_holds_from_the_first_step_and_does_not_enter_the_mean()
    {
        using var bench = new GradientBench(GradientClipper.ZClip(maxNorm: 2.5) with { WarmUpSteps = 4 });
        foreach (var usual in new[] { 1.0, 3, 3, 1 })
            Assert.AreEqual(Math.Min(usual, 2.5), bench.ClipNorm(usual), 1e-6);
        Assert.AreEqual(2.5, bench.ClipNorm(4), 1e-6);
        // μ = 0.97·2 + 0.03·4 = 2.06, σ² = 0.97·1 + 0.03·1.94² = 1.082908, z = 97.94/(σ + ε).
        Assert.AreEqual(2.06 + 6.25 * 1.082908 / 97.94, bench.ClipNorm(100), 1e-5);
    }

    [TestMethod]
    public void Norms_that_never_differ_are_all_usual()
    {
        using var bench = new GradientBench(GradientClipper.ZClip() with { WarmUpSteps = 2 });
        for (var step = 0; step < 10; step++)
            Assert.AreEqual(0.5, bench.ClipNorm(0.5));
    }
}
