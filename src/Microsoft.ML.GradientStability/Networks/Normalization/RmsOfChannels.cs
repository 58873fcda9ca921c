using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Root mean square 1 over all channels and positions.</summary>
internal sealed class RmsOfChannels : ChannelNormalization
{
    private readonly float _smallest;
    private readonly TorchSharp.Scalar _epsilon;

    /// <param name="channels">Channels.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public RmsOfChannels(int channels, double epsilon) : base(channels, scales: true, shifts: false) => (_smallest, _epsilon) = ((float)epsilon, epsilon);

    public override Tensor forward(Tensor input)
    {
        var positions = input.dim() - 2;
        var all = Enumerable.Range(1, (int)input.dim() - 1).Select(axis => (long)axis).ToArray();
        return input * input.square().mean(all, keepdim: true).Plus(_epsilon).rsqrt() * Weight!.view([-1, .. Enumerable.Repeat(1L, (int)positions)]);
    }

    protected override string WriteNormalized(OnnxGraph graph, string input, string name)
    {
        var flat = graph.Add("Reshape", [input, graph.Constant($"{name}.row", [0, 1, -1])], $"{name}.flat");
        var mean = graph.Add("ReduceMean", [graph.Add("Mul", [flat, flat], $"{name}.squares")], $"{name}.mean", ("axes", new[] { 2 }), ("keepdims", 1));
        var shifted = graph.Add("Add", [mean, graph.Constant($"{name}.epsilon", _smallest)], $"{name}.shifted");
        var normalized = graph.Add("Div", [flat, graph.Add("Sqrt", [shifted], $"{name}.root")], $"{name}.normalized");
        return graph.Add("Reshape", [normalized, graph.Add("Shape", [input], $"{name}.shape")], $"{name}.channels");
    }
}
