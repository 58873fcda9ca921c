namespace Microsoft.ML.GradientStability.Tests.Optimization.Clipping;

/// <summary>A network 3→4→5→2 with scales and shifts, whose gradients are written by hand, and a clipper at work on them.</summary>
internal sealed class GradientBench : IDisposable
{
    private readonly NetworkModule _module;
    private readonly GradientClipper.State _clipping;

    public GradientBench(GradientClipper clipper)
    {
        _module = Network.FeedForward(4, 5).CreateModule(3, 2, Initializer.HeNormal);
        Parameters = new FlatParameters(_module);
        _clipping = clipper.Start(Parameters);
    }

    public FlatParameters Parameters { get; }

    public Span<float> Gradient => Parameters.GradientSpan;

    public double Norm => L2Norm.Of(Gradient);

    public IEnumerable<(int Start, int Length)> Tensors => Parameters.Parameters.Select(p => (p.Offset, p.Length));

    /// <summary>One step of the loop.</summary>
    public bool Clip() => _clipping.Clip(Norm);

    /// <summary>A step with a gradient of one value; its norm afterwards.</summary>
    public double ClipNorm(double norm, int at = 0)
    {
        Gradient.Clear();
        Gradient[at] = (float)norm;
        Clip();
        return Norm;
    }

    /// <summary>
    /// Runs a clipper and its oracle, which maps a gradient to a clipped one, over the same steps: the same gradients, and the same
    /// steps are said to be clipped. Some must be and some must not.
    /// </summary>
    public static void AssertFollows(GradientClipper clipper, Func<FlatParameters, Func<double[], double[]>> start, int steps = 120)
    {
        using var bench = new GradientBench(clipper);
        var oracle = start(bench.Parameters);
        var clipped = 0;
        foreach (var (step, gradient) in Steps(bench.Parameters, steps).Index())
        {
            gradient.CopyTo(bench.Gradient);
            var expected = oracle(Array.ConvertAll(gradient, g => (double)g));
            var changes = expected.Where((e, i) => Math.Abs(e - gradient[i]) > 1e-7 * Math.Abs(gradient[i])).Any();

            Assert.AreEqual(changes, bench.Clip(), $"{clipper}, step {step}");
            clipped += changes ? 1 : 0;
            for (var i = 0; i < gradient.Length; i++)
                if (changes)
                    Assert.AreEqual(expected[i], bench.Gradient[i], 3e-6 * Math.Abs(gradient[i]), $"{clipper}, step {step}, component {i}");
                else
                    Assert.AreEqual(gradient[i], bench.Gradient[i], $"{clipper}, step {step}, component {i}");
        }
        Assert.IsTrue(clipped > 0 && clipped < steps, $"{clipper}: {clipped} of {steps} steps clipped");
    }

    /// <summary>Gradients of about 0.5 that spike by 20 as a whole and by 30 in single tensors; some are 0 as a whole, some in a tensor.</summary>
    public static IEnumerable<float[]> Steps(FlatParameters parameters, int steps)
    {
        var random = new Random(4);
        for (var step = 0; step < steps; step++)
        {
            var gradient = new float[parameters.GradientSpan.Length];
            var (whole, odd) = (step % 13 == 7 ? 20 : step % 29 == 2 ? 0 : 1, step % parameters.Parameters.Length);
            foreach (var (index, slice) in parameters.Parameters.Index())
            {
                var own = index != odd ? 1 : step % 17 == 5 ? 30 : step % 7 == 1 ? 0 : 1;
                var scale = 0.05 * whole * own * Math.Exp(0.4 * Normal());
                for (var i = 0; i < slice.Length; i++)
                    gradient[slice.Offset + i] = (float)(scale * Normal());
            }
            yield return gradient;
        }

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    public static double L2(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));

    public void Dispose()
    {
        Parameters.Dispose();
        _module.Dispose();
    }
}
