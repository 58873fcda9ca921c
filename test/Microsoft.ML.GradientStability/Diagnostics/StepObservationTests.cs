namespace Microsoft.ML.GradientStability.Tests.Diagnostics;

[TestClass]
public sealed class StepObservationTests
{
    [TestMethod]
    [DataRow(3f, 4f, 5.0)]
    [DataRow(0f, 0f, 0.0)]
    [DataRow(3e25f, 4e25f, 5e25, DisplayName = "squares overflow Single")]
    [DataRow(3e-30f, 4e-30f, 5e-30, DisplayName = "squares underflow Single")]
    [DataRow(3e-42f, 4e-42f, 5e-42, DisplayName = "subnormal values")]
    public void Norm_is_exact_over_the_whole_range(float a, float b, double norm) =>
        Assert.AreEqual(norm, L2Norm.Of([a, b, 0]), 1e-3 * norm);

    [TestMethod]
    public void Norm_of_a_value_that_is_not_finite_is_not_finite()
    {
        Assert.AreEqual(double.NaN, L2Norm.Of([1, float.NaN, 2]));
        Assert.AreEqual(double.PositiveInfinity, L2Norm.Of([1, float.NegativeInfinity, 2]));
    }

    [TestMethod]
    public void Depth_factor_is_that_of_a_geometric_series()
    {
        double[] norms = [.. Enumerable.Range(0, 20).Select(l => 3 * Math.Pow(0.4, 19 - l))];
        Assert.AreEqual(0.4, DepthFactor.Of(norms), 1e-12);
        Assert.AreEqual(1, DepthFactor.Of([2, 2, 2]), 1e-12);
    }
}
