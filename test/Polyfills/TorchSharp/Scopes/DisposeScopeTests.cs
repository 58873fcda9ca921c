namespace GradientStability.Polyfills.TorchSharp.Tests.Scopes;

[TestClass]
public sealed class DisposeScopeTests : TorchTests
{
    [TestMethod]
    public void What_is_made_in_a_scope_ends_with_it()
    {
        Tensor inside, moved, detached;
        using (var scope = NewDisposeScope())
        {
            (inside, moved, detached) = (ones(1), ones(1).MoveToOuterDisposeScope(), ones(1).DetachFromDisposeScope());
            Assert.AreEqual(1, scope.DisposablesCount);
            Assert.IsTrue(scope.Contains(inside));
            Assert.IsFalse(scope.Contains(moved));
        }
        Assert.IsTrue(inside.IsInvalid);
        Assert.IsFalse(moved.IsInvalid);
        Assert.IsFalse(detached.IsInvalid);
        detached.Dispose();
        Assert.IsTrue(detached.IsInvalid);
        Assert.ThrowsExactly<InvalidOperationException>(() => inside + 1);
    }

    [TestMethod]
    public void A_scope_keeps_what_it_is_told_to_keep()
    {
        using var outer = NewDisposeScope();
        Tensor kept, dropped;
        using (var scope = NewDisposeScope())
        {
            (kept, dropped) = (ones(1), ones(1));
            Assert.AreSame(kept, scope.DisposeEverythingBut(kept));
            Assert.IsTrue(dropped.IsInvalid);
            Assert.AreEqual(1, scope.DisposablesCount);
            scope.MoveToOuter(kept);
        }
        Assert.IsFalse(kept.IsInvalid);
        Assert.AreEqual(1, outer.DisposablesCount);
        outer.DisposeEverything();
        Assert.IsTrue(kept.IsInvalid);
    }

    [TestMethod]
    public void Scopes_may_end_out_of_order()
    {
        var first = NewDisposeScope();
        var second = NewDisposeScope();
        var inSecond = ones(1);
        first.Dispose();
        Assert.IsFalse(inSecond.IsInvalid);
        second.Dispose();
        Assert.IsTrue(inSecond.IsInvalid);
        Assert.ThrowsExactly<ObjectDisposedException>(() => first.DisposablesCount);
        first.Dispose();
    }

    [TestMethod]
    public void Tensors_move_between_scopes_and_other_disposables_are_taken_in()
    {
        using var scope = NewDisposeScope();
        var stream = new MemoryStream();
        scope.Attach(stream);
        Assert.IsTrue(scope.Contains(stream));
        var anchor = ones(1);
        Tensor moved;
        using (NewDisposeScope()) moved = ones(1).MoveToOtherDisposeScope(anchor);
        Assert.IsFalse(moved.IsInvalid);
        Assert.IsTrue(scope.Contains(moved));
        scope.Dispose();
        Assert.IsTrue(moved.IsInvalid);
        Assert.ThrowsExactly<ObjectDisposedException>(() => stream.Length);
    }

    [TestMethod]
    public void Many_tensors_disposed_in_any_order_leave_an_empty_scope()
    {
        using var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 1000).Select(_ => ones(1)).ToArray();
        foreach (var tensor in tensors.OrderBy(t => t.GetHashCode() * 31 % 101).Take(900)) tensor.Dispose();
        Assert.AreEqual(100, scope.DisposablesCount);
        for (var i = 0; i < 1000; i++) ones(1).Dispose();
        Assert.HasCount(100, scope.DisposablesView);
        scope.DisposeEverything();
        Assert.IsTrue(tensors.All(t => t.IsInvalid));
    }

    [TestMethod]
    public void Statistics_count_by_thread()
    {
        var counted = Task.Factory.StartNew(() =>
        {
            var statistics = DisposeScopeManager.Statistics;
            ones(1).Dispose();
            using (NewDisposeScope())
            {
                var (disposed, detached) = (ones(1), ones(1));
                ones(1);
                disposed.Dispose();
                detached.DetachFromDisposeScope().Dispose();
                Assert.AreEqual(1, statistics.ThreadTotalLiveCount);
            }
            Assert.AreEqual((1, 3, 2, 1), (statistics.CreatedOutsideScopeCount, statistics.CreatedInScopeCount,
                statistics.DisposedInScopeCount, statistics.DetachedFromScopeCount));
            Assert.AreEqual(0, statistics.ThreadTotalLiveCount);
        }, TaskCreationOptions.LongRunning);
        counted.GetAwaiter().GetResult();
    }

    [TestMethod]
    public void The_result_of_a_wrapped_expression_survives_its_steps()
    {
        Tensor? step = null;
        var result = WrappedTensorDisposeScope(() => (step = ones(2) + 1) * 2);
        AreNear([4, 4], result);
        Assert.IsTrue(step!.IsInvalid);
    }
}
