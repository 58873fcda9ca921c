using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The mean of every channel over its positions: batch × channels × positions … becomes batch × channels.</summary>
internal sealed class PooledPart : NetworkPart
{
    private readonly Nonlinearity? _before;
    private readonly int[] _axes;

    /// <param name="dimensions">1 for signals, 2 for images.</param>
    /// <param name="before">Applied to the input; <see langword="null"/> for nothing.</param>
    public PooledPart(int dimensions, Nonlinearity? before) : base("mean")
    {
        (_axes, _before) = ([.. Enumerable.Range(2, dimensions)], before);
        if (before is not null)
            register_module("before", before);
    }

    public override IReadOnlyList<Layer> Layers => [];

    public override IEnumerable<Parameter> OwnParameters() => _before?.parameters() ?? [];

    public override Tensor forward(Tensor input) => (_before?.forward(input) ?? input).mean([.. _axes.Select(axis => (long)axis)]);

    public override Tensor LinearOutput(Layer layer, Tensor input) => input;

    public override string WriteOnnx(OnnxGraph graph, string input, string path) =>
        graph.Add("ReduceMean", [_before?.WriteOnnx(graph, input, $"{path}.before") ?? input], path, ("axes", _axes), ("keepdims", 0));
}
