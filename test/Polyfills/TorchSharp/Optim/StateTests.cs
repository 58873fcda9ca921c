using TorchSharp.Modules;

namespace GradientStability.Polyfills.TorchSharp.Tests.Optim;

/// What every optimizer keeps for a parameter: how much, for how long, and through a file.
[TestClass]
public sealed class StateTests : TorchTests
{
    private static OptimizerHelper Make(string name, params Weights[] weights) => name switch
    {
        "SGD" => optim.SGD(weights, 0.1, momentum: 0.9, nesterov: true),
        "Adam" => optim.Adam(weights),
        "AMSGrad" => optim.Adam(weights, amsgrad: true),
        "NAdam" => optim.NAdam(weights),
        "RMSProp" => optim.RMSProp(weights, momentum: 0.9, centered: true),
        _ => optim.Adagrad(weights, initial_accumulator_value: 0.1),
    };

    [TestMethod]
    [DataRow("SGD", 1)]
    [DataRow("Adam", 2)]
    [DataRow("AMSGrad", 3)]
    [DataRow("NAdam", 2)]
    [DataRow("RMSProp", 3)]
    [DataRow("Adagrad", 1)]
    public void Its_tensors_stay_as_many_until_the_optimizer_is_disposed_of(string name, int tensors)
    {
        var (first, second, idle) = (new Weights(randn(5)), new Weights(randn(2, 3)), new Weights(randn(4), requires_grad: false));
        first.square().sum().add(second.square().sum()).backward();
        var before = Settled();
        var optimizer = Make(name, first, second, idle);
        // The first steps are taken in a scope, which the states outlive; SGD has a state only where it has made a step.
        using (NewDisposeScope())
            for (var i = 0; i < 3; i++) optimizer.step();
        var after = Settled();
        Assert.AreEqual(before + (name == "SGD" ? 2 : 3) * tensors, after);
        for (var i = 0; i < 10; i++)
        {
            optimizer.step();
            Assert.AreEqual(after, Tensor.TotalCount);
            using (NewDisposeScope()) optimizer.zero_grad();
        }
        optimizer.Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
        optimizer.Dispose();
    }

    [TestMethod]
    [DataRow("SGD")]
    [DataRow("Adam")]
    [DataRow("AMSGrad")]
    [DataRow("NAdam")]
    [DataRow("RMSProp")]
    [DataRow("Adagrad")]
    public void It_goes_on_bit_for_bit_after_saving_and_loading(string name)
    {
        var start = randn(10);
        var gradients = Enumerable.Range(0, 6).Select(_ => randn(10)).ToArray();
        var (through, stopped) = (new Weights(start.clone()), new Weights(start.clone()));
        using var whole = Make(name, through);
        using var half = Make(name, stopped);
        Steps(whole, through, gradients);
        Steps(half, stopped, gradients[..3]);
        var stream = new MemoryStream();
        half.save_state_dict(new BinaryWriter(stream));
        using var next = Make(name, stopped);
        next.ParamGroups.Single().LearningRate = 7;
        next.load_state_dict(new BinaryReader(new MemoryStream(stream.ToArray())));
        Steps(next, stopped, gradients[3..]);
        AreSame(through, stopped);

        static void Steps(OptimizerHelper optimizer, Weights weight, Tensor[] gradients)
        {
            foreach (var gradient in gradients)
            {
                weight.grad = gradient.clone();
                optimizer.step();
            }
        }
    }
}
