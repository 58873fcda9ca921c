using System.Runtime.InteropServices;

namespace GradientStability.Polyfills.TorchSharp.Tests.Tensors;

[TestClass]
public sealed class MathTests : TorchTests
{
    private static Tensor A => tensor(new float[] { 1, -2, 4 });
    private static Tensor B => tensor(new float[] { 2, 4, -8 });

    [TestMethod]
    public void Operators_work_element_by_element()
    {
        AreNear([3, 2, -4], A + B);
        AreNear([-1, -6, 12], A - B);
        AreNear([2, -8, -32], A * B);
        AreNear([0.5, -0.5, -0.5], A / B);
        AreNear([-1, 2, -4], -A);
        AreNear([1.5, -1.5, 4.5], A + 0.5);
        AreNear([0, -3, 3], A - 1);
        AreNear([2, -4, 8], 2 * A);
        AreNear([0, 3, -3], 1 - A);
        AreNear([4, -2, 1], 4.0 / A);
        AreNear([0.5, -1, 2], A / 2);
        Assert.AreEqual(ScalarType.Int64, (arange(3) * 2).dtype);
    }

    [TestMethod]
    public void Operations_in_place_change_and_return_their_tensor()
    {
        var x = tensor(new float[] { 1, 2, 3 });
        Assert.AreSame(x, x.add_(1));
        AreNear([2, 3, 4], x);
        AreNear([4, 7, -4], x.add_(B));
        AreNear([0, -1, 12], x.add_(B, alpha: -2));
        AreNear([-2, -5, 20], x.sub_(B));
        AreNear([-4, -10, 40], x.mul_(2));
        AreNear([-2, -5, 20], x.div_(2));
        AreNear([2, 11, 52], x.addcmul_(B, B, 0.5).add_(tensor(new float[] { 2, 8, 0 })));
        AreNear([3, 10, 51], x.addcdiv_(A, tensor(new float[] { 1, 2, -4 }), 1));
        AreNear([0, 5, 10], x.clamp_(5, 10).sub_(tensor(new float[] { 5, 5, 0 })));
        AreNear([0.5, 4.5, 5.5], x.lerp_(tensor(new float[] { 1, 4, 1 }), full(3, 0.5)));
        AreNear([0.25, 20.25, 30.25], x.pow_(2));
        AreNear([0.5, 4.5, 5.5], x.sqrt_());
        AreNear([0, 0, 0], x.zero_());
    }

    [TestMethod]
    public void Functions_give_their_closed_forms()
    {
        var x = tensor(new float[] { 0.5f, 2 });
        AreNear([Math.Exp(0.5), Math.Exp(2)], x.exp());
        AreNear([Math.Log(0.5), Math.Log(2)], x.log());
        AreNear([Math.Sqrt(0.5), Math.Sqrt(2)], x.sqrt());
        AreNear([0.25, 4], x.square());
        AreNear([0.125, 8], x.pow(3));
        AreNear([Math.Tanh(0.5), Math.Tanh(2)], x.tanh());
        AreNear([1 / (1 + Math.Exp(-0.5)), 1 / (1 + Math.Exp(-2))], x.sigmoid());
        AreNear([1, 2, 4], A.abs());
        AreNear([1, 0, 4], A.relu());
        AreNear([1, -1, 2], A.clamp(-1, 2));
        AreNear([2, 4, 4], A.maximum(B));
        AreNear([1, 4, 4], where(tensor(new[] { true, false, true }), A, B));
    }

    [TestMethod]
    public void Softmax_sums_to_one_and_its_logarithm_agrees()
    {
        var logits = tensor(new float[] { 1, 2, 3, 1000, 1000, 1000 }, 2, 3);
        AreNear([1, 1], logits.softmax(1).sum(1));
        AreNear([1 / 3.0, 1 / 3.0, 1 / 3.0], logits.softmax(1)[1]);
        AreSame(zeros(2, 3), (logits.log_softmax(1).exp() - logits.softmax(1)).abs().gt(1e-6).to_type(float32));
    }

    [TestMethod]
    public void Products_of_matrices_are_sums_of_products()
    {
        var left = arange(6, float32).view(2, 3);
        AreNear([10, 13, 28, 40], left.mm(arange(6, float32).view(3, 2)));
        AreNear([5, 14], left.matmul(tensor(new float[] { 0, 1, 2 })));
    }

    [TestMethod]
    public void Products_of_vectors_are_sums_and_tables_of_products()
    {
        AreNear(2 - 8 - 32, A.dot(B));
        AreNear([2, 4, -8, -4, -8, 16, 8, 16, -32], A.outer(B));
        AreNear([3, 12], arange(6, float32).view(2, 3).mv(ones(3)));
        Assert.ThrowsExactly<InvalidOperationException>(() => A.dot(ones(2)));
        Assert.ThrowsExactly<InvalidOperationException>(() => ones(1, 3).dot(A));
    }

    [TestMethod]
    public void The_error_function_its_inverse_and_the_inverse_root_give_known_values()
    {
        var x = tensor(new double[] { 0.5, -1, 2 });
        AreNear([0.5204998778130465, -0.8427007929497149, 0.9953222650189527], x.erf(), 1e-12);
        AreNear([0.5, -1, 2], x.erf().erfinv(), 1e-10);
        // The quartile of the normal distribution, over the root of two.
        AreNear(0.4769362762044699, tensor(new double[] { 0.5 }).erfinv_(), 1e-12);
        AreNear([Math.Sqrt(2), 0.5], tensor(new float[] { 0.5f, 4 }).rsqrt());
        AreNear([Math.Sqrt(2), 0.5], tensor(new float[] { 0.5f, 4 }).rsqrt_());
    }

    [TestMethod]
    public void Comparisons_give_booleans()
    {
        CollectionAssert.AreEqual(new[] { true, true, false }, A.lt(B).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { true, false, true }, (A > 0).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { true, false, false }, A.eq(1).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { true, true, false }, (A <= 1).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { false, true, true }, (A != tensor(new float[] { 1, 1, 1 })).data<bool>().ToArray());
        var odd = tensor(new float[] { 1, float.NaN, float.NegativeInfinity });
        CollectionAssert.AreEqual(new[] { true, false, false }, odd.isfinite().data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { false, true, false }, odd.isnan().data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { false, false, true }, odd.isinf().data<bool>().ToArray());
        Assert.IsFalse(odd.isfinite().all().item<bool>());
        Assert.IsTrue(odd.isfinite().any().item<bool>());
        Assert.IsTrue(A.allclose(A + 1e-9));
        Assert.IsTrue(A.Equals(A.clone()));
        Assert.IsFalse(A.Equals(B));
    }

    [TestMethod]
    public void Reductions_give_their_closed_forms()
    {
        var x = tensor(new float[] { 1, 2, 3, 4, 5, 9 }, 2, 3);
        AreNear(24, x.sum());
        AreNear([5, 7, 12], x.sum(dim: 0));
        AreNear([6, 18], x.sum(1, keepdim: true));
        AreNear(4, x.mean());
        AreNear([2, 6], x.mean(new long[] { 1 }));
        AreNear([1, 7], x.var(1));
        AreNear([1, Math.Sqrt(7)], x.std(1));
        AreNear(Math.Sqrt(136), x.norm());
        AreNear(24, x.norm(1f));
        AreNear([Math.Sqrt(14), Math.Sqrt(122)], x.norm(1, false, 2));
        AreNear(9, x.max());
        AreNear(1, x.min());
        AreNear(5, x.argmax());
        AreNear([2, 2], x.argmax(1));
        var (values, indexes) = x.max(0);
        AreNear([4, 5, 9], values);
        AreNear([1, 1, 1], indexes);
        AreNear([1, 4], x.min(1).values);
    }

    [TestMethod]
    public void Shapes_that_do_not_fit_are_an_external_exception()
    {
        var error = Assert.ThrowsExactly<ExternalException>(() => zeros(2, 3).mm(zeros(2, 3)));
        StringAssert.Contains(error.Message, "2x3");
        Assert.ThrowsExactly<ExternalException>(() => zeros(2) + zeros(3));
        Assert.ThrowsExactly<ExternalException>(() => zeros(6).view(4));
        Assert.ThrowsExactly<ExternalException>(() => zeros(2).add_(zeros(3)));
        Assert.ThrowsExactly<ExternalException>(() => zeros(2).size(1));
    }

    [TestMethod]
    public void The_number_of_threads_can_be_set()
    {
        var before = get_num_threads();
        set_num_threads(2);
        Assert.AreEqual(2, get_num_threads());
        set_num_threads(before);
    }
}
