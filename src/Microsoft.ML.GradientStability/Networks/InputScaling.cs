using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The door of a network: (x − mean)·scale a feature, with scale = 1/standard deviation of the training rows, 0 for a feature that
/// never changes there; what lies beyond ±10 standard deviations is held there, so that no outlier, and no feature that hardly ever
/// changed, drowns the rest. Nothing in it is trained. Without it features enter as they are.
/// </summary>
internal sealed class InputScaling : nn.Module<Tensor, Tensor>
{
    private const float Bound = 10;

    private readonly Tensor _mean;
    private readonly Tensor _scale;

    public InputScaling(float[] mean, float[] scale) : base("input")
    {
        _mean = tensor(mean, device: CPU);
        _scale = tensor(scale, device: CPU);
        register_buffer("mean", _mean);
        register_buffer("scale", _scale);
    }

    public override Tensor forward(Tensor input) => ((input - _mean) * _scale).clamp((TorchSharp.Scalar)(-Bound), (TorchSharp.Scalar)Bound);

    public string WriteOnnx(OnnxGraph graph, string input)
    {
        var centred = graph.Add("Sub", [input, graph.Constant("input.mean", _mean)], "input.centred");
        var scaled = graph.Add("Mul", [centred, graph.Constant("input.scale", _scale)], "input.scaled");
        var bounded = graph.Add("Max", [scaled, graph.Constant("input.least", -Bound)], "input.bounded.below");
        return graph.Add("Min", [bounded, graph.Constant("input.greatest", Bound)], "input.bounded");
    }
}
