using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>What <see cref="FlatParameters"/> and the batches expect of TorchSharp's tensors: whose memory a tensor is.</summary>
[TestClass]
public sealed class FlatViewTests
{
    [TestMethod]
    public void A_parameter_that_was_set_to_a_view_lives_in_it_and_its_gradient_adds_up_in_place()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 1, hasBias: false);
        var weight = linear.weight!;
        var (values, gradients) = (zeros(5), zeros(5));
        using (no_grad())
        {
            var view = values.narrow(0, 1, 2).view(1, 2);
            view.copy_(tensor(new float[] { 3, 4 }, [1, 2]));
            weight.set_(view);
        }
        weight.grad = gradients.narrow(0, 1, 2).view(1, 2);
        for (var pass = 0; pass < 2; pass++)
            using (NewDisposeScope())
                linear.forward(tensor(new float[] { 5, 7 }, [1, 2])).sum().backward();

        CollectionAssert.AreEqual(new float[] { 0, 3, 4, 0, 0 }, Span(values).ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 10, 14, 0, 0 }, Span(gradients).ToArray());
        Span(values)[1] = 30;
        Assert.AreEqual(30 * 5 + 4 * 7, linear.forward(tensor(new float[] { 5, 7 }, [1, 2])).item<float>());
        Assert.AreSame(weight, linear.parameters().Single());
    }

    [TestMethod]
    public void Bytes_are_the_memory_of_a_view_from_its_offset_on_and_of_nothing_that_is_not_contiguous()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(6, float32).view(2, 3);
        CollectionAssert.AreEqual(new float[] { 3, 4, 5 }, Span(matrix.narrow(0, 1, 1)).ToArray());
        Span(matrix.narrow(0, 1, 1))[0] = 9;
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 9, 4, 5 }, matrix.data<float>().ToArray());
        Assert.ThrowsExactly<InvalidOperationException>(() => matrix.t().bytes.Length);
        CollectionAssert.AreEqual(new float[] { 0, 9, 1, 4, 2, 5 }, matrix.t().contiguous().data<float>().ToArray());
    }

    /// <summary>Hence the arrays of Data/StreamedBatches.cs can be filled again at once.</summary>
    [TestMethod]
    public void A_tensor_of_managed_memory_is_a_copy_of_it()
    {
        using var scope = NewDisposeScope();
        float[] numbers = [1, 2, 3, 4];
        var (part, whole) = (tensor(numbers.AsMemory(1, 3), [3]), tensor(numbers.AsMemory(), [2, 2]).to(float32));
        numbers.AsSpan().Fill(7);
        CollectionAssert.AreEqual(new float[] { 2, 3, 4 }, part.data<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, whole.data<float>().ToArray());
    }

    /// <summary>Hence <c>Gradients.zero_()</c> in Training/TrainingStep.cs.</summary>
    [TestMethod]
    public void Zero_grad_of_a_module_takes_the_gradient_away()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 1);
        linear.forward(ones(1, 2)).sum().backward();
        linear.zero_grad();
        Assert.IsNull(linear.weight!.grad);
    }

    private static Span<float> Span(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
