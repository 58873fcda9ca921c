namespace GradientStability.Polyfills.TorchSharp.Tests.Optim;

[TestClass]
public sealed class SGDTests : TorchTests
{
    internal static Weights At(params float[] values) => new(tensor(values));

    // Steps with the gradient of each turn, and returns where the only weight went.
    internal static double[] Path(Weights weight, optim.Optimizer optimizer, params float[] gradients) => gradients.Select(gradient =>
    {
        weight.grad = tensor(new[] { gradient });
        optimizer.step();
        return weight.data<float>().ToArray()[0] + 0.0;
    }).ToArray();

    internal static void AreNear(double[] expected, double[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-5, $"step {i}");
    }

    [TestMethod]
    public void Plain_steps_go_against_the_gradient()
    {
        var weight = At(1);
        using var optimizer = optim.SGD([weight], 0.1);
        AreNear([0.8, 0.9], Path(weight, optimizer, 2, -1));
    }

    [TestMethod]
    public void Momentum_remembers()
    {
        var weight = At(1);
        using var optimizer = optim.SGD([weight], 0.1, momentum: 0.9);
        // b: 2, 0.9·2 + 1 = 2.8, 0.9·2.8 + 0 = 2.52
        AreNear([0.8, 0.52, 0.268], Path(weight, optimizer, 2, 1, 0));
    }

    [TestMethod]
    public void Dampening_Nesterov_and_decay_follow_their_formulas()
    {
        var damped = At(1);
        using var first = optim.SGD([damped], 0.1, momentum: 0.9, dampening: 0.5);
        // b: 2, 1.8 + 0.5 = 2.3, 2.07 − 0.5 = 1.57
        AreNear([0.8, 0.57, 0.413], Path(damped, first, 2, 1, -1));
        var nesterov = At(1);
        using var second = optim.SGD([nesterov], 0.1, momentum: 0.9, nesterov: true);
        // b: 2, 2.8, 2.52; g + 0.9·b: 2 + 1.8, 1 + 2.52, 0 + 2.268
        AreNear([0.62, 0.268, 0.0412], Path(nesterov, second, 2, 1, 0));
        var decayed = At(1);
        using var third = optim.SGD([decayed], 0.1, weight_decay: 0.5);
        // g + 0.5·w: 2.5, 1 + 0.375
        AreNear([0.75, 0.6125], Path(decayed, third, 2, 1));
        var up = At(1);
        using var fourth = optim.SGD([up], 0.1, maximize: true);
        AreNear([1.2], Path(up, fourth, 2));
        var decayedUp = At(1);
        using var fifth = optim.SGD([decayedUp], 0.1, weight_decay: 0.5, maximize: true);
        // w + 0.1·(g + 0.5·w)
        AreNear([1.25], Path(decayedUp, fifth, 2));
    }

    [TestMethod]
    public void The_learning_rate_can_change_between_steps_and_weights_without_gradient_stay()
    {
        var (weight, idle) = (At(1), At(5));
        using var optimizer = optim.SGD([weight, idle], 0.1);
        var group = optimizer.ParamGroups.Single();
        AreNear([0.9], Path(weight, optimizer, 1));
        group.LearningRate = 0.5;
        AreNear([0.4], Path(weight, optimizer, 1));
        Assert.AreEqual(0.1, group.InitialLearningRate);
        AreNear([5], [idle.item<float>()]);
    }

    [TestMethod]
    public void Zero_grad_fills_with_zeros_in_place()
    {
        var weight = At(1);
        var gradient = tensor(new float[] { 3 });
        weight.grad = gradient;
        using var optimizer = optim.SGD([weight], 0.1);
        optimizer.zero_grad();
        AreNear([0], [gradient.item<float>()]);
        Assert.IsNotNull(weight.grad);
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => optim.SGD([At(1)], -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.SGD([At(1)], 0.1, momentum: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.SGD([At(1)], 0.1, nesterov: true));
    }
}
