namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

[TestClass]
public sealed class ValueClipperTests
{
    [TestMethod]
    public void Each_component_is_clamped() =>
        GradientBench.AssertFollows(GradientClipper.Value(0.5), _ => gradient => Array.ConvertAll(gradient, g => Math.Max(-0.5, Math.Min(0.5, g))));

    [TestMethod]
    public void The_limit_itself_is_allowed()
    {
        using var bench = new GradientBench(GradientClipper.Value());
        (bench.Gradient[0], bench.Gradient[7]) = (5, -5);
        Assert.IsFalse(bench.Clip());
        Assert.AreEqual(5, bench.Gradient[0]);

        bench.Gradient[7] = MathF.BitDecrement(-5);
        bench.Gradient[8] = 1;
        Assert.IsTrue(bench.Clip());
        CollectionAssert.AreEqual(new float[] { 5, -5, 1 }, new[] { bench.Gradient[0], bench.Gradient[7], bench.Gradient[8] });
    }
}
