using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>The textbook in double precision: rows are arrays, weights (units × inputs).</summary>
internal static class Plain
{
    public static double[] Vector(Tensor tensor) => Array.ConvertAll(tensor.detach().contiguous().data<float>().ToArray(), x => (double)x);

    public static double[][] Matrix(Tensor tensor) => [.. Vector(tensor).Chunk((int)tensor.shape[1])];

    public static Tensor Tensor(double[][] rows) =>
        tensor(Array.ConvertAll(rows.SelectMany(r => r).ToArray(), x => (float)x), [rows.Length, rows[0].Length]);

    public static double[][] Random(int rows, int columns, int seed, double scale = 1, double shift = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => Draw()).ToArray())];

        // Exact in Single, so that both sides start from the same numbers.
        double Draw() => (float)(shift + scale * (2 * random.NextDouble() - 1));
    }

    public static double[][] Linear(double[][] x, double[][] weight, double[]? bias) =>
        [.. x.Select(row => weight.Select((w, u) => Dot(w, row) + (bias?[u] ?? 0)).ToArray())];

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(x => x * x));

    /// <summary>(x − mean)/√(biased variance + ε).</summary>
    public static double[] Standardize(IReadOnlyCollection<double> x, double epsilon)
    {
        var mean = x.Average();
        var variance = x.Average(v => (v - mean) * (v - mean));
        return [.. x.Select(v => (v - mean) / Math.Sqrt(variance + epsilon))];
    }

    public static double Variance(IEnumerable<double[]> rows)
    {
        var all = rows.SelectMany(r => r).ToArray();
        var mean = all.Average();
        return all.Average(v => (v - mean) * (v - mean));
    }

    /// <summary>Greatest singular value: the root of the greatest eigenvalue of WᵀW, by power iteration.</summary>
    public static double SpectralNorm(double[][] weight)
    {
        var x = Enumerable.Range(0, weight[0].Length).Select(i => 1 + 0.1 * Math.Sin(i)).ToArray();
        var value = 0.0;
        for (var (i, before) = (0, -1.0); i < 20000 && Math.Abs(value - before) > 1e-13 * value; i++)
        {
            before = value;
            var image = weight.Select(w => Dot(w, x)).ToArray();
            var back = x.Select((_, c) => weight.Select((w, r) => w[c] * image[r]).Sum()).ToArray();
            value = Norm(back);
            x = [.. back.Select(b => b / value)];
        }
        return Math.Sqrt(value);
    }

    /// <summary>E[f(z)] over a standard normal z, by Simpson's rule on [−12, 12].</summary>
    public static double GaussianMean(Func<double, double> f) => Simpson(z => Density(z) * f(z), -12, 12, 24000);

    /// <summary>The normal distribution function Φ, by Simpson's rule.</summary>
    public static double Phi(double x) => x > 12 ? 1 : x < -12 ? 0 : 0.5 + Simpson(Density, 0, x, 400);

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    private static double Simpson(Func<double, double> f, double from, double to, int intervals)
    {
        var h = (to - from) / intervals;
        var sum = f(from) + f(to);
        for (var i = 1; i < intervals; i++)
            sum += (i % 2 == 1 ? 4 : 2) * f(from + i * h);
        return sum * h / 3;
    }

    public static void AreClose(double[][] expected, Tensor actual, double tolerance, string? what = null)
    {
        CollectionAssert.AreEqual(new long[] { expected.Length, expected[0].Length }, actual.shape, what);
        AreClose(expected.SelectMany(r => r), Vector(actual), tolerance, what);
    }

    /// <summary>Relative to what is above 1.</summary>
    public static void AreClose(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance, string? what = null)
    {
        var (wanted, got) = (expected.ToArray(), actual.ToArray());
        Assert.HasCount(wanted.Length, got, what);
        for (var i = 0; i < wanted.Length; i++)
            Assert.AreEqual(wanted[i], got[i], tolerance * Math.Max(1, Math.Abs(wanted[i])), $"{what} value {i}");
    }

    /// <summary>What the linear map of a layer gives for a batch of features.</summary>
    public static Tensor LinearOutput(NetworkModule module, Layer layer, Tensor features)
    {
        var part = module.Parts.First(part => part.Layers.Contains(layer));
        return part.LinearOutput(layer, NetworkModule.Apply(module.Parts.TakeWhile(before => before != part), module.Scale(features)));
    }
}
