using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>A defect of TorchSharp 0.107.0 that <see cref="HardTanhActivation"/> works around.</summary>
[TestClass]
public sealed class HardtanhTests
{
    private const string WhatCanGo =
        "nn.Hardtanh bounds its input now: in Networks/Activations/HardTanhActivation.cs return nn.Hardtanh(Min, Max) and delete the class Clamp, then this file.";

    [TestMethod]
    public void Nn_Hardtanh_is_the_identity()
    {
        float[] beyond = [-3, -0.5f, 0.5f, 3];
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(beyond, nn.Hardtanh(-1, 1).forward(tensor(beyond)).data<float>().ToArray(), WhatCanGo);
    }
}
