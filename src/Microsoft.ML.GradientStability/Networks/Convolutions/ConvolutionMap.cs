using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A convolution with zeros around the edges: every unit reads, at each position, the kernel's surroundings of it in the inputs of its group.
/// Input batch × inputs × positions …, output batch × units × (positions/stride, rounded up) …. W is kept as units × (inputs of a unit · kernel).
/// </summary>
/// <param name="name">Of the map in its layer.</param>
/// <param name="inputs">Channels of the input.</param>
/// <param name="units">Channels of the output.</param>
/// <param name="plan">Its form.</param>
/// <param name="hasBias">Whether there is a b.</param>
internal sealed class ConvolutionMap(string name, int inputs, int units, ConvolutionMap.Form plan, bool hasBias)
    : WeightMap(name, inputs / plan.Groups * plan.Area, units, hasBias)
{
    private readonly long[] _kernels = [units, inputs / plan.Groups, .. Enumerable.Repeat((long)plan.Kernel, plan.Dimensions)];
    private readonly long[] _stride = [.. Enumerable.Repeat((long)plan.Stride, plan.Dimensions)];
    private readonly long[] _padding = [.. Enumerable.Repeat((long)plan.Kernel / 2, plan.Dimensions)];

    /// <summary>The form of a convolution.</summary>
    /// <param name="Dimensions">1 for signals, 2 for images.</param>
    /// <param name="Kernel">Positions in each direction, odd.</param>
    /// <param name="Stride">Positions from one output to the next.</param>
    /// <param name="Groups">Groups of channels, each read and written apart from the others.</param>
    public readonly record struct Form(int Dimensions, int Kernel, int Stride = 1, int Groups = 1)
    {
        /// <summary>Positions of the kernel.</summary>
        public int Area => Dimensions == 1 ? Kernel : Kernel * Kernel;

        /// <summary>Such as <c>3×3, stride 2</c>.</summary>
        public override string ToString() => $"{(Dimensions == 1 ? $"{Kernel}" : $"{Kernel}×{Kernel}")}{(Stride == 1 ? "" : $", stride {Stride}")}";
    }

    public override int Positions => plan.Area;

    public override int Groups => plan.Groups;

    public override Tensor Apply(Tensor input, Tensor weight)
    {
        var kernels = weight.view(_kernels);
        return plan.Dimensions == 1
            ? nn.functional.conv1d(input, kernels, Bias, _stride[0], _padding[0], groups: plan.Groups)
            : nn.functional.conv2d(input, kernels, Bias, _stride, _padding, groups: plan.Groups);
    }

    public override string WriteOnnx(OnnxGraph graph, string input, string weight, string path)
    {
        var kernels = graph.Add("Reshape", [weight, graph.Constant($"{path}.kernels", _kernels)], $"{path}.kernel");
        return graph.Add("Conv", Bias is null ? [input, kernels] : [input, kernels, graph.Constant($"{path}.bias", Bias)], path,
            ("kernel_shape", Numbers(_kernels[2..])), ("strides", Numbers(_stride)), ("pads", Numbers([.. _padding, .. _padding])), ("group", plan.Groups));
    }

    private static int[] Numbers(long[] values) => [.. values.Select(value => (int)value)];
}
