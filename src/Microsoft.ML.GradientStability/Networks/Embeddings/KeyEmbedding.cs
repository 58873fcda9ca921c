using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A learned vector for every key of a column (Guo and Berkhahn 2016, "Entity embeddings of categorical variables"): batch × slots of keys from 1 becomes
/// batch × slots · width, all slots by the same vectors. A missing key, 0, has a vector of its own that starts at zero, and stays there where no
/// training row misses it; so is a number that is no key of the column.
/// </summary>
internal sealed class KeyEmbedding : Layer
{
    private static readonly Scalar s_least = 0.5f;

    private readonly Scalar _greatest;

    /// <param name="number">Of the column among those of keys, from 1.</param>
    /// <param name="column">The column.</param>
    /// <param name="width">Numbers a key.</param>
    /// <param name="origin">What the vectors are drawn from.</param>
    public KeyEmbedding(int number, KeyColumn column, int width, in Origin origin) : base($"key{number}", column.Slots, column.Slots * width)
    {
        Title = $"embedding of {column.Name} ({column.Keys} × {width})";
        (Keys, Width, _greatest) = (column.Keys, width, column.Keys + 0.5f);
        Weight = new Parameter(zeros([Keys + 1, width], dtype: ScalarType.Float32, device: CPU));
        register_parameter("weight", Weight);
        using var keys = Weight.narrow(0, 1, Keys);
        Initializer.InitializeEntries(keys, origin);
    }

    /// <summary>Different keys.</summary>
    public int Keys { get; }

    /// <summary>Numbers a key.</summary>
    public int Width { get; }

    /// <summary>The vectors, that of a missing key first (1 + keys × width).</summary>
    public Parameter Weight { get; }

    public override double SquaredWeightNorm()
    {
        using var scope = NewDisposeScope();
        return Weight.square().sum().item<float>();
    }

    public override void ScaleWeights(double factor)
    {
        using var scope = NewDisposeScope();
        Weight.mul_((Scalar)factor);
    }

    public override Tensor forward(Tensor input)
    {
        var isKey = input.gt(s_least).logical_and(input.lt(_greatest));
        var index = where(isKey, input, zeros_like(input)).round().to(ScalarType.Int64);
        return Weight.index_select(0, index.flatten()).view(input.shape[0], Units);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input) => forward(input);

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        var isKey = graph.Add("And",
            [
                graph.Add("Greater", [input, graph.Scalar($"{path}.least", 0.5f)], $"{path}.above"),
                graph.Add("Less", [input, graph.Scalar($"{path}.greatest", Keys + 0.5f)], $"{path}.below"),
            ], $"{path}.isKey");
        var number = graph.Add("Round", [graph.Add("Where", [isKey, input, graph.Scalar($"{path}.missing", 0)], $"{path}.number")], $"{path}.rounded");
        var vectors = graph.Add("Gather", [graph.Constant($"{path}.weight", Weight), graph.Add("Cast", [number], $"{path}.index", ("to", 7))], $"{path}.vectors", ("axis", 0));
        return graph.Add("Reshape", [vectors, graph.Constant($"{path}.shape", [-1, Units])], path);
    }
}
