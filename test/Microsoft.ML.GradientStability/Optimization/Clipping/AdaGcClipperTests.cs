namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

[TestClass]
public sealed class AdaGcClipperTests
{
    public static IEnumerable<object[]> Rules() =>
    [
        [GradientClipper.AdaGc() with { WarmUpSteps = 20 }],
        [GradientClipper.AdaGc(2, 0.5) with { WarmUpSteps = 5, Beta = 0.6 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Each_tensor_is_clipped_by_its_own_running_mean(AdaGcClipper rule) => GradientBench.AssertFollows(rule, parameters =>
    {
        var means = new Dictionary<int, double>();
        var seen = 0;
        return gradient =>
        {
            var whole = GradientBench.L2(gradient);
            if (whole == 0)
                return gradient;
            var warmsUp = ++seen <= rule.WarmUpSteps;
            var result = warmsUp ? Array.ConvertAll(gradient, g => g * Math.Min(1, rule.AbsoluteThreshold / whole)) : (double[])gradient.Clone();
            foreach (var (i, slice) in parameters.Parameters.Index())
            {
                var own = result[slice.Offset..(slice.Offset + slice.Length)];
                var norm = GradientBench.L2(own);
                if (norm == 0)
                    continue;
                if (warmsUp)
                    means[i] = Math.Min(means.GetValueOrDefault(i, double.MaxValue), norm);
                else
                {
                    var factor = Math.Min(rule.RelativeThreshold * means[i] / norm, 1);
                    Array.ConvertAll(own, g => factor * g).CopyTo(result, slice.Offset);
                    means[i] = rule.Beta * means[i] + (1 - rule.Beta) * factor * norm;
                }
            }
            return result;
        };
    }, steps: 300);

    [TestMethod]
    public void The_threshold_by_hand()
    {
        using var bench = new GradientBench(GradientClipper.AdaGc() with { WarmUpSteps = 3 });
        Assert.AreEqual(0.5, bench.ClipNorm(0.5));
        Assert.AreEqual(1, bench.ClipNorm(7), 1e-6, "λ_abs in the warm-up");
        Assert.AreEqual(0.25, bench.ClipNorm(0.25));
        Assert.AreEqual(0.26, bench.ClipNorm(0.26), 1e-7, "below 1.05·0.25");
        // γ = 0.98·0.25 + 0.02·0.26 = 0.2502.
        Assert.AreEqual(1.05 * 0.2502, bench.ClipNorm(3), 1e-6);
        // γ = 0.98·0.2502 + 0.02·0.26271 = 0.2504502.
        Assert.AreEqual(1.05 * 0.2504502, bench.ClipNorm(3), 1e-6);
    }

    [TestMethod]
    public void A_tensor_without_gradient_keeps_its_mean()
    {
        using var bench = new GradientBench(GradientClipper.AdaGc() with { WarmUpSteps = 2 });
        var other = bench.Parameters.Parameters[1].Offset;
        bench.ClipNorm(0.5);
        bench.ClipNorm(0.5);
        for (var step = 0; step < 50; step++)
            bench.ClipNorm(0.1, at: other);
        Assert.AreEqual(0.5, bench.ClipNorm(0.5), "γ is still 0.5");
    }
}
