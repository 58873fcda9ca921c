using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The greatest of every three neighbours in each direction, at every other position. Learns nothing.</summary>
/// <param name="dimensions">1 for signals, 2 for images.</param>
internal sealed class MaxPool(int dimensions) : NetworkPart("pool")
{
    public override IReadOnlyList<Layer> Layers => [];

    public override Tensor forward(Tensor input) => dimensions == 1
        ? nn.functional.max_pool1d(input, 3, 2, 1)
        : nn.functional.max_pool2d(input, [3, 3], [2, 2], [1, 1]);

    public override Tensor LinearOutput(Layer layer, Tensor input) => input;

    public override string WriteOnnx(OnnxGraph graph, string input, string path) => graph.Add("MaxPool", [input], path,
        ("kernel_shape", Repeat(3)), ("strides", Repeat(2)), ("pads", Enumerable.Repeat(1, 2 * dimensions).ToArray()));

    private int[] Repeat(int number) => [.. Enumerable.Repeat(number, dimensions)];
}
