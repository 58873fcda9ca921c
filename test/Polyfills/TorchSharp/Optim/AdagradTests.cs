using Group = TorchSharp.Modules.Adagrad.ParamGroup;

namespace GradientStability.Polyfills.TorchSharp.Tests.Optim;

[TestClass]
public sealed class AdagradTests : TorchTests
{
    [TestMethod]
    public void Each_step_is_over_the_length_of_all_gradients_so_far()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.Adagrad([weight], 0.1);
        // s: 9, 25, 25, 169
        SGDTests.AreNear([0.9, 0.82, 0.82, 0.82 - 1.2 / 13], SGDTests.Path(weight, optimizer, 3, 4, 0, 12));
    }

    [TestMethod]
    public void The_sum_starts_where_it_is_told()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.Adagrad([weight], 0.1, initial_accumulator_value: 16);
        // s: 25, 169, 169 + 87 = 256
        SGDTests.AreNear([0.94, 0.94 - 1.2 / 13, 0.94 - 1.2 / 13 + 0.1 * Math.Sqrt(87) / 16],
            SGDTests.Path(weight, optimizer, 3, 12, -(float)Math.Sqrt(87)));
    }

    [TestMethod]
    public void The_rate_decays_with_the_steps_and_can_be_changed_between_them()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.Adagrad([weight], 0.1, lr_decay: 0.25);
        // 0.1, 0.1/1.25, then 0.3/1.5 and 0.3/1.75
        SGDTests.AreNear([0.9, 0.9 - 0.08 * 0.8], SGDTests.Path(weight, optimizer, 3, 4));
        optimizer.ParamGroups.Single().LearningRate = 0.3;
        SGDTests.AreNear([0.836, 0.836 - 0.3 / 1.75 * 12 / 13], SGDTests.Path(weight, optimizer, 0, 12));
    }

    [TestMethod]
    public void Decay_adds_the_weight_to_its_gradient()
    {
        var weight = SGDTests.At(2);
        using var optimizer = optim.Adagrad([weight], 0.5, weight_decay: 1);
        // g: 1 + 2 = 3, 2.5 + 1.5 = 4, 10.9 + 1.1 = 12
        SGDTests.AreNear([1.5, 1.1, 1.1 - 6.0 / 13], SGDTests.Path(weight, optimizer, 1, 2.5f, 10.9f));
    }

    [TestMethod]
    public void A_step_is_bit_for_bit_its_operations_one_by_one()
    {
        var start = randn(1000);
        var weight = new Weights(start.clone());
        using var optimizer = optim.Adagrad([weight], 0.1, 0.1, 0.01, 0.5, 1e-3);
        var (w, s) = (start.clone(), zeros(1000).fill_(0.5));
        for (var t = 1; t <= 5; t++)
        {
            var gradient = randn(1000);
            weight.grad = gradient.clone();
            optimizer.step();
            var g = gradient.add(w, alpha: 0.01);
            s.addcmul_(g, g, value: 1);
            w.addcdiv_(g, s.sqrt().add_(1e-3), value: -(0.1 / (1 + (t - 1) * 0.1)));
            AreSame(w, weight);
        }
    }

    [TestMethod]
    public void Groups_have_options_of_their_own_and_take_the_others_from_the_optimizer()
    {
        var (first, second) = (SGDTests.At(1), SGDTests.At(1));
        Group[] groups = [new() { Parameters = [first] }, new([second], lr: 0.5, initial_accumulator_value: 16)];
        using var optimizer = optim.Adagrad(groups, 0.1);
        second.grad = tensor(new float[] { 3 });
        SGDTests.AreNear([0.9], SGDTests.Path(first, optimizer, 3));
        AreNear(0.7, second);
        CollectionAssert.AreEqual(new[] { 0.1, 0.5 }, optimizer.ParamGroups.Select(group => group.InitialLearningRate).ToArray());
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adagrad([SGDTests.At(1)], -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adagrad([SGDTests.At(1)], lr_decay: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adagrad([SGDTests.At(1)], weight_decay: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adagrad([SGDTests.At(1)], initial_accumulator_value: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adagrad([SGDTests.At(1)], eps: -1));
    }
}
