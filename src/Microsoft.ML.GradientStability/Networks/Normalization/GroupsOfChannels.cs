using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Mean 0 and variance 1 over each group of neighbouring channels and all their positions: layer normalization with one group, instance normalization
/// with a group a channel, group normalization in between.
/// </summary>
/// <param name="groups">Groups, a divisor of the channels.</param>
/// <param name="channels">Channels.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="affine">Whether channels learn a scale and a shift.</param>
internal sealed class GroupsOfChannels(int groups, int channels, double epsilon, bool affine = true) : ChannelNormalization(channels, affine, affine)
{
    public override Tensor forward(Tensor input) => nn.functional.group_norm(input, groups, Weight, Bias, epsilon);

    protected override string WriteNormalized(OnnxGraph graph, string input, string name)
    {
        using var one = ones(groups, dtype: ScalarType.Float32, device: CPU);
        using var zero = zeros(groups, dtype: ScalarType.Float32, device: CPU);
        var grouped = graph.Add("Reshape", [input, graph.Constant($"{name}.groups", [0, groups, -1])], $"{name}.grouped");
        var normalized = graph.Add("InstanceNormalization",
            [grouped, graph.Constant($"{name}.one", one), graph.Constant($"{name}.zero", zero)], $"{name}.normalized", ("epsilon", (float)epsilon));
        return graph.Add("Reshape", [normalized, graph.Add("Shape", [input], $"{name}.shape")], $"{name}.channels");
    }
}
