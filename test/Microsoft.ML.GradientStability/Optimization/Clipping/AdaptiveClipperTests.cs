namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

[TestClass]
public sealed class AdaptiveClipperTests
{
    [TestMethod]
    [DataRow(0.5, 1e-3, false)]
    [DataRow(0.5, 1e-3, true)]
    [DataRow(0.3, 0.9, false, DisplayName = "ε above the norms of some units")]
    public void Each_unit_is_clipped_by_the_norm_of_its_weights(double clipFactor, double epsilon, bool output) => GradientBench.AssertFollows(
        GradientClipper.Adaptive(clipFactor) with { Epsilon = epsilon, ClipOutputLayer = output }, parameters => gradient =>
        {
            var result = (double[])gradient.Clone();
            var weights = Array.ConvertAll(parameters.ToArray(), w => (double)w);
            foreach (var slice in parameters.Parameters.Where(s => output || s.Layer < 2))
                for (var unit = 0; unit < slice.Rows; unit++)
                {
                    var (from, to) = (slice.Offset + unit * slice.Columns, slice.Offset + (unit + 1) * slice.Columns);
                    var norm = GradientBench.L2(gradient[from..to]);
                    var limit = clipFactor * Math.Max(GradientBench.L2(weights[from..to]), epsilon);
                    for (var i = from; i < to && norm > limit; i++)
                        result[i] *= limit / norm;
                }
            return result;
        });

    [TestMethod]
    public void The_ratio_itself_is_allowed_and_the_output_layer_is_left_alone()
    {
        using var bench = new GradientBench(GradientClipper.Adaptive(0.5));
        // Two units of the first weight matrix, 3 inputs each.
        ReadOnlySpan<float> weights = [3, 4, 0, 0, 0, 5];
        weights.CopyTo(bench.Parameters.ValueSpan);
        ReadOnlySpan<float> gradients = [1.5f, 2, 0, 0, 0, 2.5f];
        gradients.CopyTo(bench.Gradient);
        bench.Gradient[^1] = 1000;
        Assert.IsFalse(bench.Clip(), "‖g‖/‖w‖ is 0.5 in both");

        bench.Gradient[5] = 5;
        Assert.IsTrue(bench.Clip());
        CollectionAssert.AreEqual(new float[] { 1.5f, 2, 0, 0, 0, 2.5f }, bench.Gradient[..6].ToArray());
        Assert.AreEqual(1000, bench.Gradient[^1]);
    }

    [TestMethod]
    public void A_bias_is_one_unit_and_weights_of_0_can_move()
    {
        using var bench = new GradientBench(GradientClipper.Adaptive(0.5) with { Epsilon = 0.01 });
        var vector = bench.Parameters.Parameters.First(p => !p.IsWeight);
        bench.Parameters.ValueSpan.Slice(vector.Offset, vector.Length).Clear();
        (bench.Gradient[vector.Offset], bench.Gradient[vector.Offset + 1]) = (3, 4);
        Assert.IsTrue(bench.Clip());
        Assert.AreEqual(0.003, bench.Gradient[vector.Offset], 1e-8);
        Assert.AreEqual(0.004, bench.Gradient[vector.Offset + 1], 1e-8);
    }
}
