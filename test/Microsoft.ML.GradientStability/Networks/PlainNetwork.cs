using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability.Tests.Networks;

/// <summary>
/// A network with the weights of a module, forward in double precision as its documentation has it. The activation is tanh, the
/// normalization that of layers or none.
/// </summary>
internal sealed class PlainNetwork(NetworkModule module, FeedForwardNetwork network)
{
    private readonly Dictionary<string, double[]> _values = module.named_parameters().ToDictionary(p => p.name, p => Plain.Vector(p.parameter));
    private readonly Dictionary<string, long[]> _shapes = module.named_parameters().ToDictionary(p => p.name, p => p.parameter.shape);

    /// <summary>What every linear map but those on shortcuts gave in the last <see cref="Forward"/>, in order.</summary>
    public List<double[][]> LinearOutputs { get; } = [];

    /// <param name="x">Rows.</param>
    /// <param name="blocks">The layers under each shortcut, such as 2 and 3 under the first one, 4 under the second.</param>
    public double[][] Forward(double[][] x, params int[][] blocks)
    {
        LinearOutputs.Clear();
        var preNorm = network.Residual is { PostNorm: false };
        x = Linear("hidden1", x);
        if (!preNorm)
            x = Nonlinearity("hidden1.after", x);
        var last = 1;
        if (network.Residual is null)
            while (last < network.HiddenUnits.Length)
                x = Nonlinearity($"hidden{++last}.after", Linear($"hidden{last}", x));
        for (var number = 1; number <= blocks.Length; number++)
        {
            var (block, layers) = ($"hiddenBlock{number}", blocks[number - 1]);
            var branch = x;
            foreach (var layer in layers)
            {
                Assert.AreEqual(++last, layer);
                var name = $"{block}.hidden{layer}";
                branch = Linear(name, preNorm ? Nonlinearity($"{name}.before", branch) : branch);
                if (!preNorm && layer != layers[^1])
                    branch = Nonlinearity($"{name}.after", branch);
            }
            var gate = network.Residual is GatedResidual ? Take($"{block}.gate").Single() : 1;
            var projects = network.Residual is ProjectionResidual || branch[0].Length != x[0].Length;
            var shortcut = projects ? Plain.Linear(x, Matrix($"{block}.projection.weight"), null) : x;
            x = [.. shortcut.Zip(branch, (s, b) => s.Zip(b, (a, c) => a + gate * c).ToArray())];
            if (!preNorm)
                x = Nonlinearity($"{block}.after", x);
        }
        Assert.AreEqual(network.HiddenUnits.Length, last);
        x = Linear("output", preNorm ? Nonlinearity("output.before", x) : x);
        Assert.IsEmpty(_values, "weights that play no part");
        return x;
    }

    private double[][] Linear(string name, double[][] x)
    {
        LinearOutputs.Add(Plain.Linear(x, Matrix($"{name}.linear.weight"), Take($"{name}.linear.bias")));
        return LinearOutputs[^1];
    }

    private double[][] Nonlinearity(string name, double[][] x)
    {
        return network.NormalizeAfterActivation ? Normalize(Activate(x)) : Activate(Normalize(x));

        static double[][] Activate(double[][] rows) => [.. rows.Select(row => row.Select(Math.Tanh).ToArray())];

        double[][] Normalize(double[][] rows)
        {
            if (network.Normalization is NoNormalization)
                return rows;
            var (scale, shift) = (Take($"{name}.normalization.weight"), Take($"{name}.normalization.bias"));
            return [.. rows.Select(row => Plain.Standardize(row, 1e-5).Select((y, u) => scale[u] * y + shift[u]).ToArray())];
        }
    }

    private double[] Take(string name)
    {
        Assert.IsTrue(_values.Remove(name, out var values), $"{name} is not among {string.Join(", ", _shapes.Keys)}");
        return values!;
    }

    private double[][] Matrix(string name) => [.. Take(name).Chunk((int)_shapes[name][1])];
}
