using TorchSharp;

namespace Microsoft.ML.GradientStability.Tests.Optimization.Optimizers;

/// <summary>Steps of an optimizer on the parameters of a small network, by given gradients, beside a plain re-implementation.</summary>
internal static class Stepping
{
    public const int Steps = 12;

    /// <summary>One step of the textbook on one parameter tensor.</summary>
    public delegate void Step(Span<double> weights, ReadOnlySpan<float> gradients, int t, double rate);

    /// <summary>The textbook at work on one parameter tensor.</summary>
    public delegate Step Textbook(int length, bool isWeight);

    /// <summary>5 → 4 → 3 → 2 with layer normalization and a learned gate: weight matrices, biases, scales and gates.</summary>
    public static NetworkModule Module()
    {
        var network = Network.FeedForward(4, 3) with { Normalization = Normalization.Layer, Residual = Residual.Gated() };
        return network.CreateModule(5, 2, Initializer.HeUniform);
    }

    /// <summary>As schedules do, it changes.</summary>
    public static double Rate(double rate, int t) => rate * (0.3 + t % 4);

    /// <summary>Of all sizes from 0.001 to 10, some 0, a spike now and then.</summary>
    public static void Fill(Span<float> gradients, Random random)
    {
        foreach (ref var gradient in gradients)
            gradient = random.Next(10) == 0 ? 0 : (float)((random.NextDouble() - 0.4) * Math.Pow(10, 3 * random.NextDouble() - 2));
    }

    public static void Follows(Optimizer optimizer, Textbook textbook)
    {
        using var module = Module();
        using var parameters = new FlatParameters(module);
        var state = optimizer.Start(parameters);
        var expected = Array.ConvertAll(parameters.ToArray(), w => (double)w);
        var steps = Array.ConvertAll(parameters.Parameters, slice => textbook(slice.Length, slice.IsWeight));
        Assert.IsTrue(parameters.Parameters.Any(slice => slice.IsWeight) && parameters.Parameters.Any(slice => !slice.IsWeight));

        var random = new Random(9);
        for (var t = 1; t <= Steps; t++)
        {
            var rate = Rate(optimizer.LearningRate, t);
            Fill(parameters.GradientSpan, random);
            for (var p = 0; p < steps.Length; p++)
            {
                var slice = parameters.Parameters[p];
                steps[p](expected.AsSpan(slice.Offset, slice.Length), parameters.GradientSpan.Slice(slice.Offset, slice.Length), t, rate);
            }
            state.Step(rate);

            var actual = parameters.ValueSpan;
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual[i], 2e-6 * Math.Max(1, Math.Abs(expected[i])), $"{optimizer}: weight {i} at step {t}");
        }
    }
}
