using TorchSharp.Modules;
using static Microsoft.ML.GradientStability.Tests.Training.LiveTensorsTests;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>A defect of TorchSharp 0.107.0 that tests which count native tensors allow for.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ParameterTests
{
    [TestMethod]
    public void A_tensor_that_became_a_Parameter_is_counted_for_ever()
    {
        var before = Live();
        new Parameter(zeros(3)).Dispose();
        Assert.AreEqual(1, Live() - before,
            "a Parameter is counted once now: delete OverCount from Training/LiveTensorsTests.cs, and the first fit that pays from Data/StreamingTests.cs.");
    }
}
