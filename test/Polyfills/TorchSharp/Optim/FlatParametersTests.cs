namespace GradientStability.Polyfills.TorchSharp.Tests.Optim;

/// All parameters as views of one tensor and all gradients as views of another: the same numbers as the plain loop.
[TestClass]
public sealed class FlatParametersTests : TorchTests
{
    private static global::TorchSharp.Modules.Sequential Network()
    {
        manual_seed(5);
        return Sequential(Linear(6, 16), LayerNorm(16), ReLU(), Linear(16, 16), Tanh(), Linear(16, 3));
    }

    private static (Weights All, Tensor Gradients) Flatten(Module network)
    {
        var parameters = network.parameters().ToArray();
        var (all, gradients) = (zeros(parameters.Sum(p => p.numel())), zeros(parameters.Sum(p => p.numel())));
        using (no_grad())
        {
            var start = 0L;
            foreach (var parameter in parameters)
            {
                var view = all.narrow(0, start, parameter.numel()).view(parameter.shape);
                view.copy_(parameter);
                parameter.set_(view);
                parameter.grad = gradients.narrow(0, start, parameter.numel()).view(parameter.shape);
                start += parameter.numel();
            }
        }
        return (new Weights(all) { grad = gradients }, gradients);
    }

    [TestMethod]
    [DataRow("SGD")]
    [DataRow("Adam")]
    [DataRow("NAdam")]
    [DataRow("RMSProp")]
    [DataRow("Adagrad")]
    public void The_flat_loop_equals_the_plain_loop_bit_for_bit(string name)
    {
        optim.Optimizer Optimizer(IEnumerable<Weights> weights) => name switch
        {
            "SGD" => optim.SGD(weights, 0.1, momentum: 0.9),
            "Adam" => optim.Adam(weights, 0.01, weight_decay: 0.1),
            "NAdam" => optim.NAdam(weights, 0.01, weight_decay: 0.1),
            "RMSProp" => optim.RMSProp(weights, momentum: 0.9, centered: true),
            _ => optim.Adagrad(weights, 0.1, lr_decay: 0.1),
        };
        var (x, y) = (randn(32, 6), tensor(Enumerable.Range(0, 32).Select(i => i * 7L % 3).ToList()));
        using var plain = Network();
        using var flat = Network();
        var (all, gradients) = Flatten(flat);
        using var plainOptimizer = Optimizer(plain.parameters());
        using var flatOptimizer = Optimizer([all]);
        for (var step = 0; step < 20; step++)
        {
            AreSame(Step(plain, plainOptimizer), Step(flat, flatOptimizer));
            AreSame(cat(plain.parameters().Select(p => p.grad!.flatten()).ToArray()), gradients);
            AreSame(cat(plain.parameters().Select(p => p.flatten()).ToArray()), all);
        }

        Tensor Step(global::TorchSharp.Modules.Sequential network, optim.Optimizer optimizer)
        {
            optimizer.zero_grad();
            var loss = functional.cross_entropy(network.forward(x), y);
            loss.backward();
            optimizer.step();
            return loss.detach();
        }
    }

    [TestMethod]
    public void The_layers_see_what_is_written_to_the_flat_tensor()
    {
        using var layer = Linear(2, 1);
        var (all, gradients) = Flatten(layer);
        using (no_grad()) all.copy_(tensor(new float[] { 1, 2, 10 }));
        AreNear([21], layer.forward(tensor(new float[] { 3, 4 })));
        layer.forward(tensor(new float[] { 3, 4 })).sum().backward();
        AreNear([3, 4, 1], gradients);
        AreNear([3, 4, 1], all.grad!);
    }
}
