using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>A linear map of the mean of every channel over its positions (Lin, Chen and Yan 2014): batch × channels × positions … becomes batch × units.</summary>
/// <param name="dimensions">1 for signals, 2 for images.</param>
/// <param name="channels">Channels.</param>
/// <param name="units">Units.</param>
internal sealed class PooledMap(int dimensions, int channels, int units) : WeightMap("linear", channels, units, hasBias: true)
{
    private readonly int[] _axes = [.. Enumerable.Range(2, dimensions)];

    public override Tensor Apply(Tensor input, Tensor weight) => nn.functional.linear(input.mean([.. _axes.Select(axis => (long)axis)]), weight, Bias);

    public override string WriteOnnx(OnnxGraph graph, string input, string weight, string path)
    {
        var mean = graph.Add("ReduceMean", [input], $"{path}.mean", ("axes", _axes), ("keepdims", 0));
        return graph.Add("Gemm", [mean, weight, graph.Constant($"{path}.bias", Bias!)], path, ("transB", 1));
    }
}
