using static Microsoft.ML.GradientStability.Tests.Training.LiveTensorsTests;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>Who owns a native tensor, and what of the host's state a fit may borrow.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ScopeTests
{
    [TestMethod]
    public void A_scope_disposes_of_what_was_made_in_it_but_for_what_was_detached()
    {
        var before = Live();
        Tensor kept, dropped;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
                dropped = ones(3) + 1;
            Assert.IsTrue(dropped.IsInvalid);
            kept = (ones(3) + 1).DetachFromDisposeScope();
        }
        using (var sum = kept.sum())
            Assert.AreEqual(6, sum.item<float>());
        kept.Dispose();
        Assert.AreEqual(before, Live());
    }

    [TestMethod]
    public void A_scope_ends_with_its_using_also_where_an_exception_passes()
    {
        Tensor? made = null;
        Assert.ThrowsExactly<FormatException>(() =>
        {
            using var scope = NewDisposeScope();
            made = ones(3);
            throw new FormatException();
        });
        Assert.IsTrue(made!.IsInvalid);
    }

    [TestMethod]
    public void Gradients_outlive_the_scope_of_backward()
    {
        using var weight = ones(2, requires_grad: true);
        using (NewDisposeScope())
            (weight * 3).sum().backward();
        using var gradient = weight.grad;
        CollectionAssert.AreEqual(new float[] { 3, 3 }, gradient!.data<float>().ToArray());
    }

    [TestMethod]
    public void No_grad_holds_to_its_end_and_for_its_thread()
    {
        using (no_grad())
        {
            Assert.IsFalse(is_grad_enabled());
            var other = false;
            var thread = new Thread(() => other = is_grad_enabled());
            thread.Start();
            thread.Join();
            Assert.IsTrue(other);
        }
        Assert.IsTrue(is_grad_enabled());
    }

    [TestMethod]
    public void A_seed_decides_what_is_drawn()
    {
        using var scope = NewDisposeScope();
        float[] Draw(long seed)
        {
            manual_seed(seed);
            return [.. rand(4).data<float>(), .. randn(4).data<float>(), .. nn.Linear(2, 2).weight!.data<float>(), .. nn.functional.dropout(ones(9)).data<float>()];
        }
        CollectionAssert.AreEqual(Draw(3), Draw(3));
        CollectionAssert.AreNotEqual(Draw(3), Draw(4));
    }
}
