using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>Defects of TorchSharp 0.107.0's <c>nn.init</c> that initializers work around.</summary>
[TestClass]
public sealed class InitTests
{
    /// <summary>A uniform distribution ends at √3 standard deviations; of 60,000 normal numbers some lie beyond 3.5.</summary>
    [TestMethod]
    public void Xavier_normal_draws_from_a_uniform_distribution()
    {
        using var scope = NewDisposeScope();
        var weight = nn.init.xavier_normal_(empty(200, 300));
        Assert.AreEqual(Math.Sqrt(3), weight.abs().max().item<float>() / weight.std().item<float>(), 0.02,
            "xavier_normal_ is no longer uniform: let Networks/Initialization/XavierNormalInitializer.cs call it, without the comment there.");
    }

    [TestMethod]
    public void Trunc_normal_fills_with_the_standard_deviation()
    {
        using var scope = NewDisposeScope();
        Assert.IsTrue(nn.init.trunc_normal_(empty(200, 300), 0, 0.02, -0.04, 0.04).eq(0.02f).all().item<bool>(),
            "trunc_normal_ draws now: let Networks/Initialization/TruncatedNormalInitializer.cs call it, and delete the constant Within.");
    }
}
