namespace GradientStability.Polyfills.TorchSharp.Tests.Scopes;

[TestClass]
public sealed class TotalCountTests : TorchTests
{
    [TestMethod]
    public void Live_tensors_are_counted()
    {
        var before = Settled();
        var two = new[] { ones(1), ones(1) };
        Assert.AreEqual(before + 2, Tensor.TotalCount);
        Assert.IsGreaterThanOrEqualTo(before + 2, Tensor.PeakCount);
        foreach (var tensor in two) tensor.Dispose();
        two[0].Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Training_in_scopes_leaves_none_behind()
    {
        using var net = Sequential(Linear(4, 8), BatchNorm1d(8), ReLU(), Dropout(0.5), Linear(8, 2));
        using var optimizer = optim.Adam(net.parameters());
        var (x, y) = (randn(16, 4), tensor(Enumerable.Range(0, 16).Select(i => i % 2L).ToList()));
        for (var warm = 0; warm < 2; warm++) Step();
        var before = Settled();
        for (var step = 0; step < 10; step++) Step();
        Assert.AreEqual(before, Settled());

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            functional.cross_entropy(net.forward(x), y).backward();
            nn.utils.clip_grad_norm_(net.parameters(), 1);
            optimizer.step();
        }
    }

    [TestMethod]
    public void Networks_and_optimizers_give_back_what_they_took()
    {
        var before = Settled();
        using (NewDisposeScope())
        {
            using var net = Sequential(Linear(4, 8), BatchNorm1d(8), PReLU(8), AlphaDropout(), Linear(8, 2));
            using var sgd = optim.SGD(net.parameters(), 0.1, momentum: 0.9);
            using var adam = optim.Adam(net.parameters(), amsgrad: true);
            net.forward(randn(3, 4)).sum().backward();
            sgd.step();
            adam.step();
        }
        Assert.AreEqual(before, Settled());
    }

    [TestMethod]
    public void Forgotten_tensors_outside_scopes_are_found_by_the_collector()
    {
        var before = Settled();
        Forget();
        Assert.AreEqual(before, Settled());
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        for (var i = 0; i < 10; i++) ones(1).DetachFromDisposeScope();
    }

    [TestMethod]
    public void A_parameter_takes_over_the_tensor_it_is_made_of()
    {
        var data = ones(2);
        var parameter = new Weights(data);
        Assert.IsTrue(data.IsInvalid);
        Assert.IsTrue(parameter.requires_grad);
        Assert.IsTrue(parameter.is_leaf);
        Assert.IsFalse(new Weights(ones(1), requires_grad: false).requires_grad);
    }
}
