using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>A normalization of images or signals (batch × channels × positions …) with a scale γ and, perhaps, a shift β a channel.</summary>
internal abstract class ChannelNormalization : nn.Module<Tensor, Tensor>
{
    protected ChannelNormalization(int channels, bool scales, bool shifts) : base("channels")
    {
        if (scales)
            register_parameter("weight", Weight = new Parameter(ones(channels, dtype: ScalarType.Float32, device: CPU)));
        if (shifts)
            register_parameter("bias", Bias = new Parameter(zeros(channels, dtype: ScalarType.Float32, device: CPU)));
    }

    /// <summary>γ (channels).</summary>
    public Parameter? Weight { get; }

    /// <summary>β (channels).</summary>
    public Parameter? Bias { get; }

    /// <summary>Writes its nodes; <paramref name="dimensions"/> is 1 for signals and 2 for images.</summary>
    public string WriteOnnx(OnnxGraph graph, string input, string name, int dimensions)
    {
        var x = WriteNormalized(graph, input, name);
        long[] column = [-1, .. Enumerable.Repeat(1L, dimensions)];
        if (Weight is not null)
            x = graph.Add("Mul", [x, Column("weight", Weight)], $"{name}.scaled");
        return Bias is null ? x : graph.Add("Add", [x, Column("bias", Bias)], $"{name}.moved");

        string Column(string what, Tensor values) =>
            graph.Add("Reshape", [graph.Constant($"{name}.{what}", values), graph.Constant($"{name}.{what}.column", column)], $"{name}.{what}.all");
    }

    protected abstract string WriteNormalized(OnnxGraph graph, string input, string name);
}
