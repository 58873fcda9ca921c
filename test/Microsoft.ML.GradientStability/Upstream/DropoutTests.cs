using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Upstream;

/// <summary>The dropouts of a network: shares and values by their papers, statistics within five standard errors.</summary>
[TestClass]
public sealed class DropoutTests
{
    private const int Count = 200_000;

    /// <summary>Srivastava et al. 2014 in the inverted form: 0 with probability p, else x/(1 − p).</summary>
    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.5)]
    [DataRow(0.9)]
    public void Dropout_zeroes_a_share_and_scales_the_rest(double p)
    {
        var (input, output, gradient) = Run(nn.Dropout(p), seed: 1);
        var zeroed = 0;
        for (var i = 0; i < Count; i++)
        {
            zeroed += output[i] == 0 ? 1 : 0;
            var slope = output[i] == 0 ? 0 : 1 / (1 - p);
            Assert.AreEqual(input[i] * slope, output[i], 1e-12);
            Assert.AreEqual(slope, gradient[i], 1e-12);
        }
        Assert.AreEqual(p, zeroed / (double)Count, 5 * Math.Sqrt(p * (1 - p) / Count));
    }

    /// <summary>
    /// Klambauer et al. 2017: a·x + b, or a·α' + b with probability p, α' = −λα where SELU saturates, q = 1 − p,
    /// a = (q + α'²·q·p)^−½ and b = −a·p·α'; mean 0 and variance 1 stay.
    /// </summary>
    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.3)]
    public void Alpha_dropout_saturates_a_share_and_keeps_mean_and_variance(double p)
    {
        const double saturated = -1.0507009873554805 * 1.6732632423543772;
        var scale = 1 / Math.Sqrt((1 - p) * (1 + p * saturated * saturated));
        var shift = -scale * p * saturated;
        var (input, output, gradient) = Run(nn.AlphaDropout(p), seed: 2);
        var dropped = 0;
        for (var i = 0; i < Count; i++)
        {
            var drops = Math.Abs(output[i] - (scale * saturated + shift)) < 1e-6;
            dropped += drops ? 1 : 0;
            Assert.AreEqual(drops ? scale * saturated + shift : scale * input[i] + shift, output[i], 1e-6);
            Assert.AreEqual(drops ? 0 : scale, gradient[i], 1e-6);
        }
        Assert.AreEqual(p, dropped / (double)Count, 5 * Math.Sqrt(p * (1 - p) / Count));
        var mean = output.Average();
        Assert.AreEqual(0, mean, 0.02);
        Assert.AreEqual(1, output.Average(y => (y - mean) * (y - mean)), 0.03);
    }

    [TestMethod]
    public void Neither_does_anything_outside_of_training()
    {
        using var scope = NewDisposeScope();
        foreach (var dropout in (nn.Module<Tensor, Tensor>[])[nn.Dropout(0.5), nn.AlphaDropout(0.5)])
        {
            dropout.eval();
            Assert.IsTrue(dropout.forward(ones(100)).eq(1).all().item<bool>());
        }
    }

    private static (double[] Input, double[] Output, double[] Gradient) Run(nn.Module<Tensor, Tensor> dropout, long seed)
    {
        manual_seed(seed);
        using var scope = NewDisposeScope();
        var input = randn(Count, dtype: float64, requires_grad: true);
        dropout.train();
        var output = dropout.forward(input);
        output.sum().backward();
        return (input.data<double>().ToArray(), output.data<double>().ToArray(), input.grad!.data<double>().ToArray());
    }
}
