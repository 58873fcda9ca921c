using Microsoft.ML.Data;

namespace GradientStability.Polyfills.MLNet.Tests.DataView;

[TestClass]
public sealed class VBufferTests
{
    private static readonly VBuffer<float> Sparse = new(5, 2, [1f, 2f], [1, 3]);
    private static readonly VBuffer<float> Dense = new(3, [4f, 5f, 6f]);

    [TestMethod]
    public void A_sparse_vector_holds_zeros_between_its_values()
    {
        Assert.IsFalse(Sparse.IsDense);
        CollectionAssert.AreEqual(new[] { 0f, 1f, 0f, 2f, 0f }, Sparse.DenseValues().ToArray());
        CollectionAssert.AreEqual(new[] { 1, 3 }, Sparse.GetIndices().ToArray());
        CollectionAssert.AreEqual(new[] { 1f, 2f }, Sparse.GetValues().ToArray());
        Assert.AreEqual(2f, Sparse.GetItemOrDefault(3));
        Assert.AreEqual(0f, Sparse.GetItemOrDefault(4));
        Assert.AreEqual(2, Sparse.Items().Count());
        Assert.AreEqual(5, Sparse.Items(all: true).Count());
    }

    [TestMethod]
    public void A_dense_vector_has_no_indices()
    {
        Assert.IsTrue(Dense.IsDense);
        Assert.AreEqual(0, Dense.GetIndices().Length);
        CollectionAssert.AreEqual(new[] { 4f, 5f, 6f }, Dense.DenseValues().ToArray());
        Assert.IsTrue(default(VBuffer<float>).IsDense);
    }

    [TestMethod]
    public void Copies_keep_or_fill_what_is_sparse()
    {
        VBuffer<float> copy = default;
        Sparse.CopyTo(ref copy);
        Assert.IsFalse(copy.IsDense);
        Sparse.CopyToDense(ref copy);
        Assert.IsTrue(copy.IsDense);
        CollectionAssert.AreEqual(Sparse.DenseValues().ToArray(), copy.GetValues().ToArray());

        var target = new float[7];
        Sparse.CopyTo(target, 1, defaultValue: -1);
        CollectionAssert.AreEqual(new[] { 0f, -1f, 1f, -1f, 2f, -1f, 0f }, target);
    }

    [TestMethod]
    public void A_part_of_a_vector_can_be_copied()
    {
        VBuffer<float> part = default;
        Sparse.CopyTo(ref part, 2, 3);
        CollectionAssert.AreEqual(new[] { 0f, 2f, 0f }, part.DenseValues().ToArray());
        Dense.CopyTo(ref part, 1, 2);
        CollectionAssert.AreEqual(new[] { 5f, 6f }, part.DenseValues().ToArray());
    }

    [TestMethod]
    public void An_editor_reuses_the_arrays_that_are_large_enough()
    {
        var values = new float[4];
        var buffer = new VBuffer<float>(4, values);
        var editor = VBufferEditor.Create(ref buffer, 3);
        Assert.IsFalse(editor.CreatedNewValues);
        editor.Values.Fill(9);
        buffer = editor.Commit();
        Assert.AreEqual(3, buffer.Length);
        Assert.AreEqual(9f, values[2]);

        editor = VBufferEditor.Create(ref buffer, 10, valuesCount: 2);
        Assert.IsTrue(editor.CreatedNewIndices);
        editor.Indices[0] = 5;
        editor.Values[0] = 1;
        buffer = editor.CommitTruncated(1);
        Assert.AreEqual(10, buffer.Length);
        Assert.AreEqual(1f, buffer.GetItemOrDefault(5));
    }

    [TestMethod]
    public void Wrong_sizes_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, new float[2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, 2, new float[2], new int[1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Dense.GetItemOrDefault(3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Dense.CopyTo(new float[2]));
    }
}
