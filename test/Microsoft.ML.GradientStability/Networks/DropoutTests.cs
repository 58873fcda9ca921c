using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

[TestClass]
public sealed class DropoutTests
{
    private const int Rows = 400, Units = 300;

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(0.1)]
    [DataRow(0.98)]
    public void Dropout_zeroes_the_share_and_scales_the_rest(double probability)
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout(probability, new FitRandom(1));
        var x = full([Rows, Units], 3f);
        var y = Plain.Vector(dropout.forward(x).flatten());
        var kept = y.Where(value => value != 0).ToArray();
        Assert.AreEqual(1 - probability, kept.Length / (double)y.Length, 5 * Math.Sqrt(probability * (1 - probability) / y.Length));
        foreach (var value in kept)
            Assert.AreEqual(3 / (1 - probability), value, 1e-4 / (1 - probability));
    }

    /// <summary>The values of Klambauer et al. 2017, appendix: α' = −1.7581, and mean 0 and variance 1 stay.</summary>
    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.3)]
    public void Alpha_dropout_keeps_mean_and_variance(double probability)
    {
        using var scope = NewDisposeScope();
        using var dropout = new AlphaDropout(probability, new FitRandom(1));
        var numbers = new float[Rows * Units];
        new RandomNumbers(2).FillNormal(1, numbers);
        var y = Plain.Vector(dropout.forward(tensor(numbers, [Rows, Units])).flatten());
        Assert.AreEqual(0, y.Average(), 0.02);
        Assert.AreEqual(1, Plain.Variance([y]), 0.03);
        const double saturation = -1.7580993408473766;
        var a = 1 / Math.Sqrt((1 - probability) * (1 + probability * saturation * saturation));
        var b = -a * probability * saturation;
        var dropped = 0;
        for (var i = 0; i < y.Length; i++)
        {
            if (Math.Abs(y[i] - (a * saturation + b)) < 1e-5)
                dropped++;
            else
                Assert.AreEqual(a * numbers[i] + b, y[i], 1e-5);
        }
        Assert.AreEqual(probability, dropped / (double)y.Length, 0.006);
    }

    [TestMethod]
    public void In_evaluation_both_are_the_identity()
    {
        using var scope = NewDisposeScope();
        var x = Plain.Tensor(Plain.Random(5, 3, seed: 1));
        foreach (var module in new nn.Module<Tensor, Tensor>[] { new Dropout(0.5, new FitRandom(1)), new AlphaDropout(0.5, new FitRandom(1)) })
            using (module)
            {
                module.eval();
                Plain.AreClose(Plain.Matrix(x), module.forward(x), 0);
            }
    }

    [TestMethod]
    public void The_gradient_passes_where_the_signal_did_and_batches_may_change_size()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout(0.4, new FitRandom(1));
        foreach (var rows in new[] { 7, 3, 9 })
        {
            var x = ones(rows, 5, requires_grad: true);
            var y = dropout.forward(x);
            y.sum().backward();
            Plain.AreClose(Plain.Matrix(y), x.grad!, 0);
        }
    }
}
