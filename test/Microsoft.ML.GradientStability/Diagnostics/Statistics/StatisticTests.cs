namespace Microsoft.ML.GradientStability.Tests.Diagnostics.Statistics;

/// <summary>Every statistic against a plain re-implementation in double precision.</summary>
[TestClass]
public sealed class StatisticTests
{
    private static readonly float[] s_first = Draw(1);
    private static readonly float[] s_second = Draw(2);

    [TestMethod]
    public void Shares_count_zeros_and_values_that_are_not_finite()
    {
        var shares = ValueShares.Of([0, -3, float.NaN, 2, -0f, float.NegativeInfinity, 1, 0.5f]);
        Assert.AreEqual(new ValueShares(0.25, 0.25, 3), shares);
    }

    [TestMethod]
    public void Update_ratio_is_the_length_of_the_step_over_that_of_the_weights()
    {
        var expected = Math.Sqrt(s_first.Zip(s_second, (a, b) => Math.Pow((double)a - b, 2)).Sum()) / Math.Sqrt(s_first.Sum(a => (double)a * a));
        Assert.AreEqual(expected, UpdateRatio.Of(s_first, s_second), 1e-6 * expected);
        Assert.AreEqual(0, UpdateRatio.Of(s_first, s_first));
        Assert.AreEqual(double.PositiveInfinity, UpdateRatio.Of([0, 0], [0, 1]));
    }

    [TestMethod]
    public void Cosine_and_noise_scale_follow_their_definitions()
    {
        double product = s_first.Zip(s_second, (a, b) => (double)a * b).Sum(), g = s_first.Sum(a => (double)a * a), h = s_second.Sum(a => (double)a * a);
        var cosine = GradientCosine.Of(s_first, s_second, rows: 32);
        Assert.AreEqual(product / Math.Sqrt(g * h), cosine.Cosine, 1e-6);
        Assert.AreEqual(32 * ((g + h) / 2 - product) / product, cosine.NoiseScale, 1e-4 * cosine.NoiseScale);
        Assert.AreEqual(double.PositiveInfinity, GradientCosine.Of([1, 0], [-1, 0], 8).NoiseScale);
        Assert.AreEqual(0, GradientCosine.Of([0, 0], [1, 2], 8).Cosine);
    }

    [TestMethod]
    public void Reach_over_time_ends_at_a_thousandth_and_a_step_is_heard_from_a_tenth_on()
    {
        Assert.AreEqual(new TimeReach(4, 5, 0.1, 0.4), TimeReach.Of([1e-4, 1e-3, 1e-2, 0.1, 1]) with { Factor = 0.1 });
        Assert.AreEqual(0.1, TimeReach.Of([1e-4, 1e-3, 1e-2, 0.1, 1]).Factor, 1e-12);
        Assert.AreEqual(default, TimeReach.Of([0, 0]));
    }

    [TestMethod]
    public void Units_without_a_gradient_and_units_that_are_alike_are_named()
    {
        CollectionAssert.AreEqual(new[] { 1, 3 }, UnitGradients.WithoutGradient([1, 0, 0, 0, 2, 2, 0, 0], 4));
        Assert.IsTrue(UnitGradients.AreAlike([1, 2, 1, 2, 1, 2], 3));
        Assert.IsFalse(UnitGradients.AreAlike([1, 2, 1, 2.001f, 1, 2], 3));
        Assert.IsFalse(UnitGradients.AreAlike([0, 0, 0, 0], 2), "no gradient at all is something else");
        Assert.IsFalse(UnitGradients.AreAlike([1, 2], 1), "a single unit has nobody to be like");
    }

    [TestMethod]
    public void Activations_have_mean_spread_saturated_values_and_dead_units()
    {
        // Three rows of four units: the second unit is the same in all rows, the third saturates in two.
        float[] values = [0.1f, 0.5f, 0.995f, -0.2f, 0.4f, 0.5f, -0.99f, 0.3f, -0.6f, 0.5f, 0.2f, 0.7f];
        var statistics = ActivationStatistics.Of(values, 4, (-1, 1), new float[4], new float[4]);
        var mean = values.Average(v => (double)v);
        Assert.AreEqual(mean, statistics.Mean, 1e-6);
        Assert.AreEqual(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), statistics.Spread, 1e-6);
        Assert.AreEqual(2 / 12.0, statistics.Saturated, 1e-12);
        Assert.AreEqual(0.25, statistics.Dead, 1e-12);
        var unbounded = ActivationStatistics.Of(values, 4, (double.NegativeInfinity, double.PositiveInfinity), new float[4], new float[4]);
        Assert.AreEqual(0, unbounded.Saturated);
    }

    [TestMethod]
    public void The_course_of_the_loss_has_a_running_mean_spikes_and_oscillation()
    {
        var course = new LossCourse();
        double mean = 0, variance = 0;
        var losses = s_first.Select(v => (double)v + 5).ToArray();
        for (var i = 0; i < losses.Length; i++)
        {
            if (i == 0)
                mean = losses[0];
            var spike = variance > 0 ? (losses[i] - mean) / Math.Sqrt(variance) : 0;
            var off = losses[i] - mean;
            (mean, variance) = (mean + 0.1 * off, 0.9 * (variance + 0.1 * off * off));
            course.Add(losses[i]);
            Assert.AreEqual(spike, course.Spike, 1e-9);
        }
        Assert.AreEqual(mean, course.Mean, 1e-9);
        Assert.AreEqual(Math.Sqrt(variance), course.Deviation, 1e-9);
        var turns = Enumerable.Range(1, losses.Length - 2).Count(i => (losses[i + 1] - losses[i]) * (losses[i] - losses[i - 1]) < 0);
        Assert.AreEqual((double)turns / (losses.Length - 2), course.Oscillation, 1e-9);
    }

    [TestMethod]
    public void A_histogram_counts_every_value_once_in_its_decade()
    {
        float[] values = [0, -0f, float.NaN, float.NegativeInfinity, 1, -9.99f, 10, 1e-3f, 1e-20f, 1e20f, .. Draw(3)];
        var histogram = Histogram.Of(values);
        Assert.AreEqual(2, histogram.Zero);
        Assert.AreEqual(2, histogram.NonFinite);
        for (var i = 0; i < histogram.Decades.Count; i++)
        {
            var (from, to) = (Math.Pow(10, Histogram.LeastDecade + i), Math.Pow(10, Histogram.LeastDecade + i + 1));
            var expected = values.Count(v => float.IsFinite(v) && v != 0
                && (Math.Abs((double)v) >= from || i == 0) && (Math.Abs((double)v) < to || i == histogram.Decades.Count - 1));
            Assert.AreEqual(expected, histogram.Decades[i], $"10^{Histogram.LeastDecade + i}");
        }
    }

    private static float[] Draw(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 200).Select(_ => (float)(random.NextDouble() - 0.3))];
    }
}
