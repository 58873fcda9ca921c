using Group = TorchSharp.Modules.RMSProp.ParamGroup;

namespace GradientStability.Polyfills.TorchSharp.Tests.Optim;

[TestClass]
public sealed class RMSPropTests : TorchTests
{
    [TestMethod]
    public void Each_step_is_over_the_running_root_mean_square()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.RMSProp([weight], 0.1, alpha: 0.75);
        // v: 1, 0.75 + 0.25 = 1, 0.75 + 3.25 = 4, 3
        SGDTests.AreNear([0.8, 0.7, 0.7 - 0.05 * Math.Sqrt(13), 0.7 - 0.05 * Math.Sqrt(13)],
            SGDTests.Path(weight, optimizer, 2, 1, (float)Math.Sqrt(13), 0));
    }

    [TestMethod]
    public void Centered_it_is_the_running_standard_deviation()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.RMSProp([weight], 0.1, alpha: 0.5, centered: true);
        // v: 2, 5.5, 2.75; a: 1, 2, 1; v − a²: 1, 1.5, 1.75
        SGDTests.AreNear([0.8, 0.8 - 0.3 / Math.Sqrt(1.5), 0.8 - 0.3 / Math.Sqrt(1.5)], SGDTests.Path(weight, optimizer, 2, 3, 0));
    }

    [TestMethod]
    public void Momentum_remembers_the_scaled_gradients()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.RMSProp([weight], 0.1, alpha: 0.75, momentum: 0.5);
        // b: 2, 1 + 1 = 2, 1 + 0 = 1, and 0.5 with the new rate
        SGDTests.AreNear([0.8, 0.6, 0.5], SGDTests.Path(weight, optimizer, 2, 1, 0));
        optimizer.ParamGroups.Single().LearningRate = 0.2;
        SGDTests.AreNear([0.4], SGDTests.Path(weight, optimizer, 0));
    }

    [TestMethod]
    public void Decay_maximizing_and_eps_follow_their_formulas()
    {
        var decayed = SGDTests.At(2);
        using var first = optim.RMSProp([decayed], 0.1, alpha: 0.75, weight_decay: 0.5);
        // g: 1 + 1 = 2, 0.1 + 0.9 = 1, −0.85 + 0.85 = 0
        SGDTests.AreNear([1.8, 1.7, 1.7], SGDTests.Path(decayed, first, 1, 0.1f, -0.85f));
        var up = SGDTests.At(2);
        using var second = optim.RMSProp([up], 0.1, alpha: 0.75, weight_decay: 0.5, maximize: true);
        // g: −(−1) + 1 = 2, as above: the decay still draws to zero
        SGDTests.AreNear([1.8, 1.7, 1.7], SGDTests.Path(up, second, -1, -0.1f, 0.85f));
        var padded = SGDTests.At(1);
        using var third = optim.RMSProp([padded], 0.1, alpha: 0.75, eps: 1);
        SGDTests.AreNear([0.9], SGDTests.Path(padded, third, 2));
    }

    [TestMethod]
    [DataRow(false, 0.0)]
    [DataRow(true, 0.9)]
    public void A_step_is_bit_for_bit_its_operations_one_by_one(bool centered, double momentum)
    {
        var start = randn(1000);
        var weight = new Weights(start.clone());
        using var optimizer = optim.RMSProp([weight], weight_decay: 0.01, momentum: momentum, centered: centered);
        var (w, v, a, b) = (start.clone(), zeros(1000), zeros(1000), zeros(1000));
        for (var t = 1; t <= 5; t++)
        {
            var gradient = randn(1000);
            weight.grad = gradient.clone();
            optimizer.step();
            var g = gradient.add(w, alpha: 0.01);
            v.mul_(0.99).addcmul_(g, g, value: 1 - 0.99);
            a.mul_(0.99).add_(g, alpha: 1 - 0.99);
            var denominator = (centered ? v.clone().addcmul_(a, a, value: -1) : v).sqrt().add_(1e-8);
            if (momentum > 0) w.add_(b.mul_(momentum).addcdiv_(g, denominator), alpha: -0.01);
            else w.addcdiv_(g, denominator, value: -0.01);
            AreSame(w, weight);
        }
    }

    [TestMethod]
    public void Momentum_can_begin_between_steps()
    {
        var weight = SGDTests.At(1);
        var group = new Group([weight], lr: 0.1, alpha: 0.75);
        using var optimizer = optim.RMSProp([group], 0.5);
        SGDTests.AreNear([0.8], SGDTests.Path(weight, optimizer, 2));
        group.Momentum = 0.5;
        // b: 0 + 1, 0.5
        SGDTests.AreNear([0.7, 0.65], SGDTests.Path(weight, optimizer, 1, 0));
        Assert.AreEqual(0, optimizer.Momentum);
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => optim.RMSProp([SGDTests.At(1)], -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.RMSProp([SGDTests.At(1)], alpha: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.RMSProp([SGDTests.At(1)], eps: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.RMSProp([SGDTests.At(1)], weight_decay: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.RMSProp([SGDTests.At(1)], momentum: -1));
    }
}
