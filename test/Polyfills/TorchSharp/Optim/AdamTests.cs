namespace GradientStability.Polyfills.TorchSharp.Tests.Optim;

[TestClass]
public sealed class AdamTests : TorchTests
{
    // Kingma & Ba (2015), algorithm 1, in double precision.
    private static double[] Reference(double w, double lr, float[] gradients, double decay = 0, bool amsgrad = false)
    {
        double m = 0, v = 0, greatest = 0;
        return gradients.Select((raw, i) =>
        {
            var g = raw + decay * w;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            greatest = Math.Max(greatest, v);
            var hat = (amsgrad ? greatest : v) / (1 - Math.Pow(0.999, i + 1));
            return w -= lr * m / (1 - Math.Pow(0.9, i + 1)) / (Math.Sqrt(hat) + 1e-8);
        }).ToArray();
    }

    [TestMethod]
    [DataRow(0.0, false)]
    [DataRow(0.1, false)]
    [DataRow(0.0, true)]
    public void Steps_follow_the_algorithm(double decay, bool amsgrad)
    {
        float[] gradients = [2, -1, 0.5f, 10, 0.1f, 0];
        var weight = SGDTests.At(1);
        using var optimizer = optim.Adam([weight], 0.1, weight_decay: decay, amsgrad: amsgrad);
        var path = SGDTests.Path(weight, optimizer, gradients);
        var expected = Reference(1, 0.1, gradients, decay, amsgrad);
        for (var i = 0; i < path.Length; i++) Assert.AreEqual(expected[i], path[i], 1e-5, $"step {i}");
    }

    [TestMethod]
    public void The_first_step_is_as_long_as_the_learning_rate()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.Adam([weight], 0.01);
        Assert.AreEqual(0.99, SGDTests.Path(weight, optimizer, 1e-3f)[0], 1e-6);
        Assert.AreEqual((0.9, 0.999), optimizer.Betas);
    }

    [TestMethod]
    public void The_learning_rate_can_change_between_steps()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.Adam([weight], 0.1);
        // A constant gradient makes every step as long as the learning rate.
        SGDTests.AreNear([0.9, 0.8], SGDTests.Path(weight, optimizer, 3, 3));
        optimizer.ParamGroups.Single().LearningRate = 0.3;
        SGDTests.AreNear([0.5, 0.2], SGDTests.Path(weight, optimizer, 3, 3));
    }

    [TestMethod]
    public void Maximizing_turns_the_gradient_and_not_the_decay()
    {
        var weight = SGDTests.At(1);
        using var optimizer = optim.Adam([weight], 0.1, weight_decay: 0.5, maximize: true);
        // g: −0.3 + 0.5 = 0.2, −0.25 + 0.45 = 0.2
        SGDTests.AreNear([0.9, 0.8], SGDTests.Path(weight, optimizer, 0.3f, 0.25f));
    }

    [TestMethod]
    public void A_step_is_bit_for_bit_its_operations_one_by_one()
    {
        var start = randn(1000);
        var weight = new Weights(start.clone());
        using var optimizer = optim.Adam([weight], 0.01);
        var (w, m, v) = (start.clone(), zeros(1000), zeros(1000));
        for (var t = 1; t <= 5; t++)
        {
            var gradient = randn(1000);
            weight.grad = gradient.clone();
            optimizer.step();
            m.mul_(0.9).add_(gradient, alpha: 1 - 0.9);
            v.mul_(0.999).addcmul_(gradient, gradient, value: 1 - 0.999);
            var denominator = (v.sqrt() / Math.Sqrt(1 - Math.Pow(0.999, t))).add_(1e-8);
            w.addcdiv_(m, denominator, value: -(0.01 / (1 - Math.Pow(0.9, t))));
            AreSame(w, weight);
        }
    }

    [TestMethod]
    public void The_state_goes_on_after_saving_and_loading()
    {
        float[] gradients = [2, -1, 0.5f, 10];
        var expected = Reference(1, 0.1, gradients);
        var weight = SGDTests.At(1);
        var stream = new MemoryStream();
        using (var optimizer = optim.Adam([weight], 0.1))
        {
            SGDTests.Path(weight, optimizer, gradients[..2]);
            optimizer.save_state_dict(new BinaryWriter(stream));
        }
        using var next = optim.Adam([weight], 0.5);
        next.load_state_dict(new BinaryReader(new MemoryStream(stream.ToArray())));
        Assert.AreEqual(expected[3], SGDTests.Path(weight, next, gradients[2..])[1], 1e-5);
        using var other = optim.SGD([weight], 0.5);
        Assert.ThrowsExactly<InvalidDataException>(() => other.load_state_dict(new BinaryReader(new MemoryStream(stream.ToArray()))));
    }

    [TestMethod]
    public void A_closure_is_evaluated_with_gradients_and_its_loss_returned()
    {
        var weight = SGDTests.At(2);
        using var optimizer = optim.Adam([weight], 0.01);
        using (no_grad())
        {
            var loss = optimizer.step(() =>
            {
                var squared = weight.square().sum();
                squared.backward();
                return squared;
            });
            AreNear(4, loss!);
        }
        Assert.AreEqual(1.99, weight.item<float>(), 1e-5);
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adam([SGDTests.At(1)], -1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adam([SGDTests.At(1)], beta1: 1));
        Assert.ThrowsExactly<ArgumentException>(() => optim.Adam([SGDTests.At(1)], eps: -1));
    }
}
