namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

[TestClass]
public sealed class ParameterNormClipperTests
{
    /// <summary>clip_grad_norm_ as PyTorch documents it, called for every parameter on its own.</summary>
    [TestMethod]
    public void Each_tensor_is_clipped_by_its_own_norm() => GradientBench.AssertFollows(GradientClipper.ParameterNorm(0.6), parameters => gradient =>
    {
        var result = (double[])gradient.Clone();
        foreach (var slice in parameters.Parameters)
        {
            var coefficient = Math.Min(1, 0.6 / (GradientBench.L2(gradient.Skip(slice.Offset).Take(slice.Length)) + 1e-6));
            for (var i = slice.Offset; i < slice.Offset + slice.Length; i++)
                result[i] *= coefficient;
        }
        return result;
    });

    [TestMethod]
    public void A_spike_in_one_tensor_leaves_the_others_alone()
    {
        using var bench = new GradientBench(GradientClipper.ParameterNorm(5));
        var (first, second) = (bench.Parameters.Parameters[0], bench.Parameters.Parameters[1]);
        (bench.Gradient[first.Offset], bench.Gradient[first.Offset + 1], bench.Gradient[second.Offset]) = (30, 40, 4.5f);
        Assert.IsTrue(bench.Clip());
        Assert.AreEqual(3, bench.Gradient[first.Offset], 1e-5);
        Assert.AreEqual(4, bench.Gradient[first.Offset + 1], 1e-5);
        Assert.AreEqual(4.5f, bench.Gradient[second.Offset]);

        (bench.Gradient[first.Offset], bench.Gradient[first.Offset + 1]) = (3, MathF.BitDecrement(3.99999f));
        Assert.IsFalse(bench.Clip(), "every tensor is within its limit");
    }
}
