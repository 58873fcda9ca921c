using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>A defect of TorchSharp 0.107.0 that <see cref="RAdamOptimizer"/> works around.</summary>
[TestClass]
public sealed class RAdamTests
{
    /// <summary>A step is η times a direction that does not depend on η; once steps are rectified, here it is η².</summary>
    [TestMethod]
    public void Optim_RAdam_applies_the_rate_twice()
    {
        var (large, small) = (Directions(0.1), Directions(0.01));
        Assert.AreEqual(large[0], small[0], 1e-4, "the first steps are not rectified");
        Assert.AreEqual(10, large[^1] / small[^1], 0.1,
            "optim.RAdam takes steps of the right size now: let Optimization/Optimizers/RAdamOptimizer.cs start Torch(torch.optim.RAdam(…)) and delete the class Rectified, and RAdam from OptimizerTests.Steps_of_our_own_allocate_nothing.");
    }

    private static double[] Directions(double rate)
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.RAdam([parameter], rate, beta2: 0.9);
        parameter.grad = ones(1);
        var directions = new double[12];
        for (var t = 0; t < directions.Length; t++)
        {
            var before = parameter.item<float>();
            optimizer.step();
            directions[t] = (before - parameter.item<float>()) / rate;
        }
        return directions;
    }
}
