using TorchSharp.Modules;

namespace GradientStability.Polyfills.TorchSharp.Tests.NN;

[TestClass]
public sealed class ModuleTests : TorchTests
{
    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(4, 3);
        private readonly Sequential rest = nn.Sequential(("act", ReLU()), ("out", nn.Linear(3, 2)));
        private readonly Weights scale = new(ones(1));

        public Block() : base("Block") => RegisterComponents();

        public override Tensor forward(Tensor input) => rest.forward(first.forward(input)) * scale;
    }

    [TestMethod]
    public void Fields_are_registered_under_their_names()
    {
        using var block = new Block();
        CollectionAssert.AreEqual(new[] { "scale", "first.weight", "first.bias", "rest.out.weight", "rest.out.bias" },
            block.named_parameters().Select(p => p.name).ToArray());
        CollectionAssert.AreEqual(new[] { "first", "rest" }, block.named_children().Select(c => c.name).ToArray());
        CollectionAssert.AreEqual(new[] { "first", "rest", "rest.act", "rest.out" }, block.named_modules().Select(m => m.name).ToArray());
        Assert.HasCount(1, block.parameters(recurse: false).ToList());
        Assert.IsTrue(block.has_parameter("rest.out.bias"));
        Assert.IsNull(block.get_parameter("rest.out.none"));
    }

    [TestMethod]
    public void Training_is_the_first_mode_and_passes_down()
    {
        var dropout = Dropout();
        using var net = Sequential(Linear(2, 2), dropout);
        Assert.IsTrue(dropout.training);
        net.eval();
        Assert.IsFalse(dropout.training);
        net.train();
        Assert.IsTrue(dropout.training);
    }

    [TestMethod]
    public void Zero_grad_removes_gradients_or_fills_them_with_zeros()
    {
        using var layer = Linear(2, 1);
        layer.forward(ones(1, 2)).sum().backward();
        layer.zero_grad(set_to_none: false);
        AreNear([0, 0], layer.weight!.grad!);
        layer.zero_grad();
        Assert.IsNull(layer.weight!.grad);
    }

    [TestMethod]
    public void What_is_registered_twice_or_without_value_is_refused()
    {
        using var module = Linear(1, 1);
        Assert.ThrowsExactly<InvalidOperationException>(() => module.register_parameter("weight", new Weights(ones(1))));
        Assert.ThrowsExactly<ArgumentNullException>(() => module.register_buffer("none", null!));
        Assert.ThrowsExactly<ArgumentException>(() => module.register_module("a.b", ReLU()));
    }

    [TestMethod]
    public void Sequential_passes_on_and_disposes_what_lies_between()
    {
        var seen = new Probe();
        using var net = Sequential(ReLU(), seen, Tanh());
        AreNear([0, Math.Tanh(1)], net.forward(tensor(new float[] { -1, 1 })));
        Assert.IsTrue(seen.Input!.IsInvalid);
        Assert.AreEqual(3, net.Count);
        Assert.AreSame(seen, net[1]);
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, net.named_children().Select(c => c.name).ToArray());
    }

    private sealed class Probe() : Module<Tensor, Tensor>("Probe")
    {
        public Tensor? Input;

        public override Tensor forward(Tensor input) => (Input = input).alias();
    }

    [TestMethod]
    public void A_list_of_modules_registers_them_by_number_with_its_owner()
    {
        using var owner = new Listed();
        CollectionAssert.AreEqual(new[] { "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias" },
            owner.named_parameters().Select(p => p.name).ToArray());
    }

    private sealed class Listed : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Linear> layers = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 1));

        public Listed() : base("Listed") => RegisterComponents();

        public override Tensor forward(Tensor input) => layers.Aggregate(input, (x, layer) => layer.forward(x));
    }

    [TestMethod]
    public void Moving_a_network_moves_parameters_and_buffers()
    {
        using var net = Sequential(Linear(2, 2), LayerNorm(2), BatchNorm1d(2));
        net.to(ScalarType.Float64);
        Assert.IsTrue(net.parameters().All(p => p.dtype == ScalarType.Float64 && p.requires_grad));
        Assert.AreEqual(ScalarType.Float64, net.named_buffers().First().buffer.dtype);
        Assert.AreEqual(ScalarType.Float64, net.forward(ones(3, 2, float64)).dtype);
    }

    [TestMethod]
    public void Disposing_a_network_disposes_its_parameters()
    {
        var net = Sequential(Linear(2, 2), LayerNorm(2));
        var parameters = net.parameters().ToArray();
        net.Dispose();
        Assert.IsTrue(parameters.All(p => p.IsInvalid));
    }
}
