namespace Microsoft.ML.GradientStability.Tests.Training;

/// <summary>
/// The first steps of a small network against the textbook: forward, backward, clip and update written out in double precision.
/// </summary>
[TestClass]
public sealed class HandComputedStepsTests
{
    private const int Width = 2, Units = 3, Classes = 3, Steps = 4;

    [TestMethod]
    [DataRow(0.0, double.PositiveInfinity, DisplayName = "plain")]
    [DataRow(0.9, double.PositiveInfinity, DisplayName = "momentum")]
    [DataRow(0.0, 0.1, DisplayName = "clipped by norm")]
    public void Sgd(double momentum, double maxNorm)
    {
        const double rate = 0.5;
        var rows = Samples.RandomRows(rows: 5, Width, Classes);
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Schedule = LearningRateSchedule.Constant,
            Network = Network.FeedForward(Units) with { Normalization = Normalization.None },
            Optimizer = Optimizer.Sgd(rate, momentum),
            Clipping = double.IsInfinity(maxNorm) ? GradientClipper.None : GradientClipper.Norm(maxNorm),
            BatchSize = rows.Count,
            Epochs = Steps,
        };
        using var module = options.Network.CreateModule(Width, Classes, Initializer.HeUniform);
        using var parameters = new FlatParameters(module);
        var reference = new Reference(Array.ConvertAll(parameters.ToArray(), w => (double)w));

        Fits.Run(options, module, parameters, rows, new FitRandom(1));
        for (var step = 0; step < Steps; step++)
            reference.Step(rows, rate, momentum, maxNorm);

        var trained = parameters.ToArray();
        for (var i = 0; i < trained.Length; i++)
            Assert.AreEqual(reference.Weights[i], trained[i], 2e-6, $"weight {i}");
    }

    [TestMethod]
    public void Adam()
    {
        var rows = Samples.RandomRows(rows: 5, Width, Classes);
        var options = new DeepNetworkMulticlassTrainer.Options
        {
            Schedule = LearningRateSchedule.Constant,
            Network = Network.FeedForward(Units) with { Normalization = Normalization.None },
            Optimizer = Optimizer.Adam(0.01),
            Clipping = GradientClipper.None,
            BatchSize = rows.Count,
            Epochs = Steps,
        };
        using var module = options.Network.CreateModule(Width, Classes, Initializer.HeUniform);
        using var parameters = new FlatParameters(module);
        var reference = new Reference(Array.ConvertAll(parameters.ToArray(), w => (double)w));
        var (m, v) = (new double[reference.Weights.Length], new double[reference.Weights.Length]);

        Fits.Run(options, module, parameters, rows, new FitRandom(1));
        for (var t = 1; t <= Steps; t++)
        {
            var g = reference.Gradient(rows);
            for (var i = 0; i < g.Length; i++)
            {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
                reference.Weights[i] -= 0.01 * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }
        }

        // Adam divides by √v̂: where a gradient is all but 0, its rounding decides.
        var trained = parameters.ToArray();
        for (var i = 0; i < trained.Length; i++)
            Assert.AreEqual(reference.Weights[i], trained[i], 2e-5, $"weight {i}");
    }

    /// <summary>softmax(W₂·relu(W₁·x + b₁) + b₂) with mean cross-entropy; weights in the order of the flat parameters.</summary>
    private sealed class Reference(double[] weights)
    {
        private const int B1 = Units * Width, W2 = B1 + Units, B2 = W2 + Classes * Units;

        private readonly double[] _velocity = new double[weights.Length];

        public double[] Weights => weights;

        public void Step(Samples.Rows rows, double rate, double momentum, double maxNorm)
        {
            var g = Gradient(rows);
            var norm = Math.Sqrt(g.Sum(x => x * x));
            var factor = Math.Min(1, maxNorm / (norm + 1e-6));
            for (var i = 0; i < g.Length; i++)
            {
                _velocity[i] = momentum * _velocity[i] + factor * g[i];
                weights[i] -= rate * _velocity[i];
            }
        }

        public double[] Gradient(Samples.Rows rows)
        {
            var g = new double[weights.Length];
            for (var r = 0; r < rows.Count; r++)
            {
                var x = rows.Features.AsSpan(r * Width, Width);
                var z = new double[Units];
                for (var u = 0; u < Units; u++)
                {
                    z[u] = weights[B1 + u];
                    for (var i = 0; i < Width; i++)
                        z[u] += weights[u * Width + i] * x[i];
                }
                var logits = new double[Classes];
                for (var c = 0; c < Classes; c++)
                {
                    logits[c] = weights[B2 + c];
                    for (var u = 0; u < Units; u++)
                        logits[c] += weights[W2 + c * Units + u] * Math.Max(0, z[u]);
                }
                var sum = logits.Sum(Math.Exp);
                var hidden = new double[Units];
                for (var c = 0; c < Classes; c++)
                {
                    var delta = (Math.Exp(logits[c]) / sum - (rows.Labels[r] == c ? 1 : 0)) / rows.Count;
                    g[B2 + c] += delta;
                    for (var u = 0; u < Units; u++)
                    {
                        g[W2 + c * Units + u] += delta * Math.Max(0, z[u]);
                        hidden[u] += delta * weights[W2 + c * Units + u];
                    }
                }
                for (var u = 0; u < Units; u++)
                {
                    if (z[u] <= 0)
                        continue;
                    g[B1 + u] += hidden[u];
                    for (var i = 0; i < Width; i++)
                        g[u * Width + i] += hidden[u] * x[i];
                }
            }
            return g;
        }
    }
}
