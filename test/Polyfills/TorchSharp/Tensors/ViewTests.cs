namespace GradientStability.Polyfills.TorchSharp.Tests.Tensors;

[TestClass]
public sealed class ViewTests : TorchTests
{
    private static Tensor Matrix() => arange(6, float32).view(2, 3);

    [TestMethod]
    public void Views_show_the_same_memory()
    {
        var flat = zeros(6);
        flat.narrow(0, 2, 4).view(2, 2).fill_(7);
        AreNear([0, 0, 7, 7, 7, 7], flat);
        flat.select(0, 0).fill_(1);
        flat[1] = tensor(2f);
        AreNear([1, 2, 7, 7, 7, 7], flat);
    }

    [TestMethod]
    public void Shapes_change_as_documented()
    {
        CollectionAssert.AreEqual(new long[] { 3, 2 }, Matrix().t().shape);
        CollectionAssert.AreEqual(new long[] { 3, 2 }, Matrix().transpose(0, 1).shape);
        CollectionAssert.AreEqual(new long[] { 2, 1, 3 }, Matrix().unsqueeze(1).shape);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, Matrix().unsqueeze(1).squeeze(1).shape);
        CollectionAssert.AreEqual(new long[] { 3 }, ones(1, 3).squeeze().shape);
        CollectionAssert.AreEqual(new long[] { 6 }, Matrix().flatten().shape);
        CollectionAssert.AreEqual(new long[] { 3, 2 }, Matrix().reshape(-1, 2).shape);
        CollectionAssert.AreEqual(new long[] { 4, 3 }, ones(1, 3).expand(4, 3).shape);
        Assert.AreEqual(3, Matrix().size(-1));
        CollectionAssert.AreEqual(new long[] { 3, 1 }, Matrix().stride());
        Assert.AreEqual(4, arange(6).narrow(0, 4, 2).storage_offset());
    }

    [TestMethod]
    public void Contiguity_is_known_and_can_be_restored()
    {
        var turned = Matrix().t();
        Assert.IsFalse(turned.is_contiguous());
        Assert.IsTrue(turned.contiguous().is_contiguous());
        AreNear([0, 3, 1, 4, 2, 5], turned);
        Assert.ThrowsExactly<InvalidOperationException>(() => turned.bytes.Length);
    }

    [TestMethod]
    public void Indices_pick_elements_and_ranges()
    {
        AreNear([3, 4, 5], Matrix()[1]);
        AreNear(5, Matrix()[1, 2]);
        AreNear([1, 2, 4, 5], Matrix()[TensorIndex.Colon, TensorIndex.Slice(1, 3)]);
        AreNear([1, 4], Matrix()[TensorIndex.Colon, TensorIndex.Single(1)]);
        AreNear([0, 2, 3, 5], Matrix().slice(1, 0, 3, 2));
        AreNear([2, 0, 5, 3], Matrix().index_select(1, tensor(new List<long> { 2, 0 })));
        var matrix = Matrix();
        matrix[TensorIndex.Colon, TensorIndex.Single(0)] = tensor(new float[] { 8, 9 });
        AreNear([8, 1, 2, 9, 4, 5], matrix);
    }

    [TestMethod]
    public void Set_makes_a_tensor_a_view_of_anothers_memory()
    {
        var flat = zeros(4);
        var small = ones(2);
        small.set_(flat.narrow(0, 2, 2));
        small.fill_(5);
        AreNear([0, 0, 5, 5], flat);
    }
}
