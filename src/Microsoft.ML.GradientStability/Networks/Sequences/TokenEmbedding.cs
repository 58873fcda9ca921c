using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A learned vector for every token (Bengio et al. 2003): batch × steps of numbers becomes batch × steps × width. A number that is none from 1 to the
/// size of the vocabulary is no token; its step is a vector of zeros, and not there for what follows.
/// </summary>
internal sealed class TokenEmbedding : Layer
{
    private static readonly Scalar s_half = 0.5f;
    private static readonly Scalar s_first = 1;

    private readonly Scalar _last;
    private readonly int _tokens;

    /// <param name="shape">Of a row.</param>
    /// <param name="width">Numbers a token.</param>
    /// <param name="origin">What the vectors are drawn from.</param>
    public TokenEmbedding(InputShape shape, int width, in Origin origin) : base("embedding", shape.Channels, width)
    {
        Title = $"embedding ({shape.Channels}→{width})";
        (_tokens, _last) = (shape.Channels, shape.Channels + 0.5f);
        Weight = new Parameter(empty([_tokens, width], dtype: ScalarType.Float32, device: CPU));
        register_parameter("weight", Weight);
        Initializer.InitializeEntries(Weight, origin);
    }

    /// <summary>tokens × width.</summary>
    public Parameter Weight { get; }

    /// <summary>Where there are tokens.</summary>
    public StepMask Mask(Tensor input) => new(IsToken(input).to(ScalarType.Float32));

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
        var isToken = IsToken(input);
        var index = where(isToken, input, ones_like(input)).round().to(ScalarType.Int64).sub(s_first);
        var vectors = Weight.index_select(0, index.flatten()).view(input.shape[0], input.shape[1], Units);
        return vectors * isToken.unsqueeze(2);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input) => forward(input);

    /// <summary>The node of <see cref="Mask"/>.</summary>
    public StepMaskNodes WriteMask(OnnxGraph graph, string input, string path) =>
        new(graph, graph.Add("Cast", [WriteIsToken(graph, input, $"{path}.mask")], $"{path}.mask", ("to", 1)), isWhole: false, $"{path}.steps");

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        var isToken = WriteIsToken(graph, input, path);
        var number = graph.Add("Round", [graph.Add("Where", [isToken, input, graph.Scalar($"{path}.any", 1)], $"{path}.number")], $"{path}.rounded");
        var index = graph.Add("Sub", [graph.Add("Cast", [number], $"{path}.integer", ("to", 7)), graph.Constant($"{path}.first", [1L])], $"{path}.index");
        var vectors = graph.Add("Gather", [graph.Constant($"{path}.weight", Weight), index], $"{path}.vectors", ("axis", 0));
        var there = graph.Add("Unsqueeze", [graph.Add("Cast", [isToken], $"{path}.there", ("to", 1)), graph.Constant($"{path}.axis", [2L])], $"{path}.weights");
        return graph.Add("Mul", [vectors, there], path);
    }

    private Tensor IsToken(Tensor input) => input.gt(s_half).logical_and(input.lt(_last));

    private string WriteIsToken(OnnxGraph graph, string input, string path) => graph.Add("And",
        [
            graph.Add("Greater", [input, graph.Scalar($"{path}.least", 0.5f)], $"{path}.above"),
            graph.Add("Less", [input, graph.Scalar($"{path}.greatest", _tokens + 0.5f)], $"{path}.below"),
        ], $"{path}.isToken");
}
