using System.Runtime.InteropServices;

namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class LinearTests : TorchTests
{
    [TestMethod]
    public void A_linear_layer_multiplies_and_adds()
    {
        var layer = Linear(2, 3);
        using (no_grad())
        {
            layer.weight!.copy_(tensor(new float[] { 1, 2, 3, 4, 5, 6 }, 3, 2));
            layer.bias!.copy_(tensor(new float[] { 10, 20, 30 }));
        }
        AreNear([15, 31, 47], layer.forward(tensor(new float[] { 1, 2 }, 1, 2)));
        AreNear([15, 31, 47], layer.call(tensor(new float[] { 1, 2 })));
        AreNear([5, 11, 17], functional.linear(tensor(new float[] { 1, 2 }), layer.weight!));
    }

    [TestMethod]
    public void Its_first_weights_lie_within_one_over_the_root_of_the_inputs()
    {
        var layer = Linear(100, 400);
        Assert.AreEqual(0.1, layer.weight!.abs().max().item<float>(), 1e-3);
        Assert.AreEqual(0.2 / Math.Sqrt(12), layer.weight!.std().item<float>(), 1e-3);
        Assert.IsLessThanOrEqualTo(0.1f, layer.bias!.abs().max().item<float>());
        manual_seed(3);
        var first = Linear(3, 3).weight!;
        manual_seed(3);
        AreSame(first, Linear(3, 3).weight!);
    }

    [TestMethod]
    public void Its_parameters_are_weight_and_bias_and_gradients_arrive_in_them()
    {
        var layer = Linear(2, 1);
        CollectionAssert.AreEqual(new[] { "weight", "bias" }, layer.named_parameters().Select(p => p.name).ToArray());
        layer.forward(tensor(new float[] { 3, 4 }, 1, 2)).sum().backward();
        AreNear([3, 4], layer.weight!.grad!);
        AreNear([1], layer.get_parameter("bias")!.grad!);
        Assert.IsNull(Linear(2, 1, hasBias: false).bias);
        Assert.HasCount(1, Linear(2, 1, hasBias: false).parameters().ToList());
    }

    [TestMethod]
    public void Registered_parameters_are_stable_and_accessors_give_new_wrappers()
    {
        var layer = Linear(2, 1);
        Assert.AreSame(layer.parameters().First(), layer.parameters().First());
        var first = layer.weight;
        Assert.AreNotSame(first, layer.weight);
    }

    [TestMethod]
    public void A_weight_can_be_replaced()
    {
        var layer = Linear(2, 1, hasBias: false);
        layer.weight = new Weights(ones(1, 2));
        AreNear([7], layer.forward(tensor(new float[] { 3, 4 })));
        AreNear([1, 1], layer.parameters().Single());
        Assert.ThrowsExactly<ArgumentNullException>(() => layer.weight = null!);
    }

    [TestMethod]
    public void It_moves_to_another_precision()
    {
        var layer = Linear(2, 1).to(ScalarType.Float64);
        Assert.AreEqual(ScalarType.Float64, layer.parameters().First().dtype);
        Assert.AreEqual(ScalarType.Float64, layer.forward(ones(1, 2, float64)).dtype);
        Assert.AreEqual(ScalarType.Float64, Linear(2, 1, dtype: float64).weight!.dtype);
    }

    [TestMethod]
    public void Inputs_of_another_width_are_an_external_exception() =>
        Assert.ThrowsExactly<ExternalException>(() => Linear(2, 1).forward(ones(1, 3)));
}
