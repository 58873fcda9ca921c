using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>Why <see cref="DeviceMove"/> stands in for <c>module.to</c>; should the first test fail, it can go.</summary>
[TestClass]
public sealed class DeviceMoveTests
{
    private static readonly Device s_device = new(DeviceType.META);

    [TestMethod]
    public void TorchSharp_moves_what_is_listed_and_not_what_computes()
    {
        using var map = new LinearMap(3, 2, hasBias: true);
        map.to(s_device);
        Assert.AreEqual(DeviceType.META, map.parameters().First().device_type);
        Assert.AreNotSame(map.Weight, map.parameters().First());
    }

    [TestMethod]
    public void In_place_both_are_the_same()
    {
        using var map = new LinearMap(3, 2, hasBias: true);
        map.MoveInPlace(s_device);
        Assert.AreSame(map.Weight, map.parameters().First());
        Assert.AreEqual(DeviceType.META, map.Weight.device_type);
        Assert.IsTrue(map.Weight.requires_grad);
        map.forward(empty(4, 3, device: s_device)).sum().backward();
        Assert.AreEqual(DeviceType.META, map.Weight.grad!.device_type);
    }
}
