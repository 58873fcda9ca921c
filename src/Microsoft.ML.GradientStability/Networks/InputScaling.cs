using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The door of a network: (x − mean)·scale + offset a feature, with scale = 1/standard deviation of the training rows; mean is that of the
/// training rows rounded to Single, so that a small spread around a large mean loses no digit, and offset makes up for the rounding. What
/// lies beyond ±10 standard deviations is held there, so that no outlier, and no feature that hardly ever changed, drowns the rest. Nothing
/// in it is trained. Without it features enter as they are.
/// </summary>
internal sealed class InputScaling : nn.Module<Tensor, Tensor>
{
    private const float Bound = 10;

    private readonly Tensor _mean;
    private readonly Tensor _scale;
    private readonly Tensor _offset;

    public InputScaling(float[] mean, float[] scale, float[] offset) : base("input")
    {
        _mean = tensor(mean, device: CPU);
        _scale = tensor(scale, device: CPU);
        _offset = tensor(offset, device: CPU);
        register_buffer("mean", _mean);
        register_buffer("scale", _scale);
        register_buffer("offset", _offset);
    }

    public override Tensor forward(Tensor input) =>
        (input - _mean).mul_(_scale).add_(_offset).clamp_((TorchSharp.Scalar)(-Bound), (TorchSharp.Scalar)Bound);

    public string WriteOnnx(OnnxGraph graph, string input)
    {
        var centred = graph.Add("Sub", [input, graph.Constant("input.mean", _mean)], "input.centred");
        var scaled = graph.Add("Mul", [centred, graph.Constant("input.scale", _scale)], "input.scaled");
        var moved = graph.Add("Add", [scaled, graph.Constant("input.offset", _offset)], "input.standardized");
        var bounded = graph.Add("Max", [moved, graph.Constant("input.least", -Bound)], "input.bounded.below");
        return graph.Add("Min", [bounded, graph.Constant("input.greatest", Bound)], "input.bounded");
    }
}
