namespace GradientStability.Polyfills.TorchSharp.Tests.Optim;

[TestClass]
public sealed class NAdamTests : TorchTests
{
    // Dozat (2016), algorithm 2, with the schedule μ of PyTorch's documentation, in double precision.
    private static double[] Reference(double w, double[] rates, float[] gradients, double weightDecay, double momentumDecay)
    {
        double m = 0, v = 0, product = 1;
        return gradients.Select((raw, i) =>
        {
            double Mu(int t) => 0.9 * (1 - 0.5 * Math.Pow(0.96, t * momentumDecay));
            var g = raw + weightDecay * w;
            product *= Mu(i + 1);
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            var mHat = Mu(i + 2) * m / (1 - product * Mu(i + 2)) + (1 - Mu(i + 1)) * g / (1 - product);
            return w -= rates[i] * mHat / (Math.Sqrt(v / (1 - Math.Pow(0.999, i + 1))) + 1e-8);
        }).ToArray();
    }

    [TestMethod]
    [DataRow(0.0, 4e-3)]
    [DataRow(0.1, 4e-3)]
    [DataRow(0.0, 10.0)]
    public void Steps_follow_the_algorithm(double weightDecay, double momentumDecay)
    {
        float[] gradients = [2, -1, 0.5f, 10, 0.1f, 0];
        var weight = SGDTests.At(1);
        using var optimizer = optim.NAdam([weight], 0.1, weight_decay: weightDecay, momentum_decay: momentumDecay);
        var expected = Reference(1, [0.1, 0.1, 0.1, 0.1, 0.1, 0.1], gradients, weightDecay, momentumDecay);
        SGDTests.AreNear(expected, SGDTests.Path(weight, optimizer, gradients));
    }

    [TestMethod]
    public void The_learning_rate_can_change_between_steps()
    {
        float[] gradients = [2, -1, 0.5f, 10];
        var weight = SGDTests.At(1);
        using var optimizer = optim.NAdam([weight], 0.1);
        var path = SGDTests.Path(weight, optimizer, gradients[..2]);
        optimizer.ParamGroups.Single().LearningRate = 0.3;
        SGDTests.AreNear(Reference(1, [0.1, 0.1, 0.3, 0.3], gradients, 0, 4e-3),
            [.. path, .. SGDTests.Path(weight, optimizer, gradients[2..])]);
    }

    // Without decay μ is β₁/2: 0.45, and the products 0.45, 0.2025, 0.091125, 0.04100625.
    [TestMethod]
    public void A_constant_gradient_gives_the_sums_worked_out_by_hand()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.NAdam([weight], 1, momentum_decay: 0);
        double[] steps =
        [
            0.55 / 0.55 + 0.45 * 0.1 / 0.7975,
            0.55 / 0.7975 + 0.45 * 0.19 / 0.908875,
            0.55 / 0.908875 + 0.45 * 0.271 / 0.95899375,
        ];
        SGDTests.AreNear([1 - steps[0], 1 - steps[0] - steps[1], 1 - steps.Sum()], SGDTests.Path(weight, optimizer, 4, 4, 4));
        Assert.AreEqual((0.9, 0.999), optimizer.Betas);
    }

    [TestMethod]
    public void A_step_is_bit_for_bit_its_operations_one_by_one()
    {
        var start = randn(1000);
        var weight = new Weights(start.clone());
        using var optimizer = optim.NAdam([weight], weight_decay: 0.01);
        var (w, m, v, product) = (start.clone(), zeros(1000), zeros(1000), 1.0);
        double Mu(int t) => 0.9 * (1 - 0.5 * Math.Pow(0.96, t * 4e-3));
        for (var t = 1; t <= 5; t++)
        {
            var gradient = randn(1000);
            weight.grad = gradient.clone();
            optimizer.step();
            var g = gradient.add(w, alpha: 0.01);
            m.mul_(0.9).add_(g, alpha: 1 - 0.9);
            v.mul_(0.999).addcmul_(g, g, value: 1 - 0.999);
            product *= Mu(t);
            var denominator = v.div(1 - Math.Pow(0.999, t)).sqrt_().add_(1e-8);
            w.addcdiv_(g, denominator, value: -0.002 * (1 - Mu(t)) / (1 - product));
            w.addcdiv_(m, denominator, value: -0.002 * Mu(t + 1) / (1 - product * Mu(t + 1)));
            AreSame(w, weight);
        }
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => optim.NAdam([SGDTests.At(1)], -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.NAdam([SGDTests.At(1)], beta1: 1.1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.NAdam([SGDTests.At(1)], beta2: -0.1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.NAdam([SGDTests.At(1)], eps: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.NAdam([SGDTests.At(1)], weight_decay: -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.NAdam([SGDTests.At(1)], momentum_decay: -1));
    }
}
