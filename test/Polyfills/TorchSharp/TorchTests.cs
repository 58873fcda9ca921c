// The counts of live tensors are the process's, and the random generator is, too.
[assembly: DoNotParallelize]

namespace GradientStability.Polyfills.TorchSharp.Tests;

/// What all tests share: a scope around each, a seed, and comparisons with numbers worked out elsewhere.
public abstract class TorchTests
{
    private DisposeScope? _scope;

    [TestInitialize]
    public void OpenScope()
    {
        manual_seed(0);
        _scope = NewDisposeScope();
    }

    [TestCleanup]
    public void CloseScope() => _scope?.Dispose();

    // The number of live tensors, without those that only wait for the collector.
    protected static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    protected static void AreNear(double[] expected, Tensor actual, double tolerance = 1e-5)
    {
        var values = actual.to_type(ScalarType.Float64).data<double>().ToArray();
        Assert.HasCount(expected.Length, values);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], values[i], tolerance, $"element {i}");
    }

    protected static void AreNear(double expected, Tensor actual, double tolerance = 1e-5) => AreNear([expected], actual, tolerance);

    protected static void AreSame(Tensor expected, Tensor actual) =>
        CollectionAssert.AreEqual(expected.data<float>().ToArray(), actual.data<float>().ToArray());
}
