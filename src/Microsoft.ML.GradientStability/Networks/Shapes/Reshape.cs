using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Puts the numbers of a row into their shape: batch × width becomes batch × channels × positions …, or batch × steps × features. Learns nothing.
/// </summary>
/// <param name="shape">Of a row.</param>
/// <param name="channelsLast">Whether what follows takes the channels last.</param>
internal sealed class Reshape(InputShape shape, bool channelsLast) : NetworkPart("shape")
{
    private readonly int[] _sizes =
        shape.Height > 0 ? [shape.Channels, shape.Height, shape.Length]
        : shape.ChannelsLast ? [shape.Length, shape.Channels]
        : [shape.Channels, shape.Length];

    private bool Turns => shape.Height == 0 && shape.ChannelsLast != channelsLast;

    public override IReadOnlyList<Layer> Layers => [];

    public override Tensor forward(Tensor input)
    {
        var x = input.reshape([-1, .. _sizes]);
        return Turns ? x.transpose(1, 2).contiguous() : x;
    }

    public override Tensor LinearOutput(Layer layer, Tensor input) => input;

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        var x = graph.Add("Reshape", [input, graph.Constant($"{path}.sizes", [-1, .. _sizes])], path);
        return Turns ? graph.Add("Transpose", [x], $"{path}.turned", ("perm", new[] { 0, 2, 1 })) : x;
    }
}
