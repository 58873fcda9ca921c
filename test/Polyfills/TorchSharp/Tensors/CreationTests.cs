namespace GradientStability.Polyfills.TorchSharp.Tests.Tensors;

[TestClass]
public sealed class CreationTests : TorchTests
{
    [TestMethod]
    public void Factories_fill_what_their_names_say()
    {
        AreNear([0, 0, 0, 0, 0, 0], zeros(2, 3));
        AreNear([1, 1, 1], ones(3));
        AreNear([2.5, 2.5], full(2, 2.5));
        AreNear([0, 1, 2, 3], arange(4));
        AreNear([1, 3, 5], arange(1, 7, 2));
        AreNear([1, 0, 0, 1], eye(2));
        AreNear([1, 0, 0, 0, 1, 0], eye(2, 3));
        CollectionAssert.AreEqual(new long[] { 4, 5 }, empty(4, 5).shape);
        CollectionAssert.AreEqual(new long[] { 2, 3, 4 }, zeros(new long[] { 2, 3, 4 }).shape);
    }

    [TestMethod]
    public void Element_types_are_the_documented_ones()
    {
        Assert.AreEqual(ScalarType.Float32, zeros(1).dtype);
        Assert.AreEqual(ScalarType.Int64, arange(3).dtype);
        Assert.AreEqual(ScalarType.Float32, arange(0.0, 1.0, 0.5).dtype);
        Assert.AreEqual(ScalarType.Int64, full(1, 3).dtype);
        Assert.AreEqual(ScalarType.Float64, tensor(1.0).dtype);
        Assert.AreEqual(ScalarType.Float32, tensor(1f).dtype);
        Assert.AreEqual(ScalarType.Int64, tensor(1L).dtype);
        Assert.AreEqual(ScalarType.Bool, tensor(true).dtype);
        Assert.AreEqual(float64, zeros_like(ones(2, float64)).dtype);
        Assert.AreEqual(int64, ones(2, dtype: int64).dtype);
    }

    [TestMethod]
    public void A_tensor_of_an_array_is_a_copy_with_the_asked_shape()
    {
        var array = new float[] { 1, 2, 3, 4, 5, 6 };
        var matrix = tensor(array, new long[] { 2, 3 });
        array[0] = 9;
        CollectionAssert.AreEqual(new long[] { 2, 3 }, matrix.shape);
        AreNear([1, 2, 3, 4, 5, 6], matrix);
        AreNear([9, 2, 3, 4, 5, 6], tensor(array, 3, 2));
        AreNear([3, 4], tensor(new List<long> { 3, 4 }));
        AreNear([1, 2, 3, 4], tensor(new float[,] { { 1, 2 }, { 3, 4 } }));
        AreNear([2, 3], tensor(new Memory<float>(array, 1, 2), new long[] { 2 }));
        Assert.IsTrue(tensor(array, requires_grad: true).requires_grad);
        Assert.ThrowsExactly<ArgumentException>(() => tensor(array, new long[] { 7 }));
    }

    [TestMethod]
    public void Cat_and_stack_join_along_a_dimension()
    {
        var (a, b) = (tensor(new float[] { 1, 2 }), tensor(new float[] { 3, 4 }));
        AreNear([1, 2, 3, 4], cat([a, b]));
        AreNear([1, 3, 2, 4], stack([a, b], 1));
        Assert.AreSame(a, cat([a]));
    }

    [TestMethod]
    public void A_seed_gives_PyTorchs_numbers()
    {
        manual_seed(0);
        AreNear([0.4963, 0.7682, 0.0885, 0.1320, 0.3074], rand(5), 1e-4);
        manual_seed(0);
        AreNear([1.5410, -0.2934, -2.1788, 0.5684, -1.0845], randn(5), 1e-4);
    }

    [TestMethod]
    public void A_permutation_holds_every_number_once()
    {
        var values = randperm(100).data<long>().ToArray();
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 100).Select(i => (long)i).ToArray(), values);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).Select(i => (long)i).ToArray(), values);
    }

    [TestMethod]
    public void A_generator_is_independent_of_the_global_one()
    {
        using var generator = new Generator(7);
        var first = rand(3, generator: generator);
        manual_seed(1);
        AreSame(first, rand(3, generator: generator.manual_seed(7)));
        Assert.AreEqual(7, generator.initial_seed());
    }

    [TestMethod]
    public void Drawing_in_place_follows_the_asked_distribution()
    {
        var normal = empty(100_000).normal_(3, 2);
        Assert.AreEqual(3, normal.mean().item<float>(), 0.03);
        Assert.AreEqual(2, normal.std().item<float>(), 0.03);
        var uniform = empty(100_000).uniform_(-1, 3);
        Assert.AreEqual(1, uniform.mean().item<float>(), 0.03);
        Assert.IsGreaterThanOrEqualTo(-1f, uniform.min().item<float>());
        Assert.IsLessThanOrEqualTo(3f, uniform.max().item<float>());
    }
}
