namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>How the threads of the OpenMP that LibTorch loads wait, as it says itself.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class WaitingThreadsTests
{
    [TestMethod]
    public void They_sleep_without_being_told_and_spin_where_the_host_says_so()
    {
        using var fitter = new Fitter();
        Assert.Contains("OMP_WAIT_POLICY = 'PASSIVE'", fitter.Run(("OMP_DISPLAY_ENV", "true")));
        Assert.Contains("OMP_WAIT_POLICY = 'ACTIVE'", fitter.Run(("OMP_DISPLAY_ENV", "true"), ("OMP_WAIT_POLICY", "active")));
    }
}
