using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The parts of a network that are what the layers of a TorchSharp module are.</summary>
/// <param name="name">What the network is called.</param>
/// <param name="origin">Of the weights.</param>
internal sealed class CustomParts(string name, Origin origin)
{
    private readonly List<NetworkPart> _parts = [];
    private int _layers;

    /// <exception cref="NotSupportedException">A layer is none that is known.</exception>
    /// <exception cref="InvalidOperationException">There is no layer with weights.</exception>
    public IReadOnlyList<NetworkPart> Of(nn.Module module)
    {
        Add(module, "");
        return _parts.Any(part => part.Layers.Count > 0)
            ? _parts
            : throw new InvalidOperationException($"The custom network '{name}' has no layer with weights. Give it a Linear, Conv1d or Conv2d.");
    }

    /// <summary>Whether the last layer gives what the task needs, tried with two rows of zeros.</summary>
    /// <exception cref="InvalidOperationException">It does not, or a layer cannot take what the one before gives.</exception>
    public static void CheckShape(string name, NetworkModule module, int inputs, int outputs)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        module.eval();
        var x = zeros([2, inputs], dtype: ScalarType.Float32, device: CPU);
        var last = $"the {inputs} features of a row";
        foreach (var part in module.Parts)
        {
            var before = string.Join('×', x.shape.Skip(1));
            try
            {
                x = part.forward(x);
            }
            catch (ExternalException)
            {
                throw new InvalidOperationException($"The custom network '{name}': {Title(part)} cannot take {before} numbers, which is what {last} gives. Make the sizes of the layers fit, or set an Input.");
            }
            last = Title(part);
        }
        if (!x.shape.SequenceEqual([2, outputs]))
            throw new InvalidOperationException(
                $"The custom network '{name}' gives {string.Join('×', x.shape.Skip(1))} numbers a row at its end, {last}, and the task needs {outputs}. Let the factory end with a Linear of as many outputs as it is asked for.");
    }

    private static string Title(NetworkPart part) => part.Layers.Count > 0 ? part.Layers[0].Title : part.Name;

    private void Add(nn.Module module, string path)
    {
        if (module is Sequential sequence)
        {
            foreach (var (child, layer) in sequence.named_children())
                Add(layer, path.Length == 0 ? child : $"{path}.{child}");
            return;
        }
        NetworkPart part = module switch
        {
            Linear linear => Layer((int)linear.in_features, (int)linear.out_features, new LinearMap((int)linear.in_features, (int)linear.out_features, linear.bias is not null, ofSteps: true)),
            Conv1d convolution => Convolution(convolution, 1, path),
            Conv2d convolution => Convolution(convolution, 2, path),
            LayerNorm { normalized_shape.Length: 1, elementwise_affine: true } norm => new StepNormalization(Next("normalization"), Normalization.Layer with { Epsilon = norm.eps }, (int)norm.normalized_shape[0]),
            BatchNorm1d { affine: true, track_running_stats: true } norm => Batch(norm.num_features, norm.eps, norm.momentum),
            BatchNorm2d { affine: true, track_running_stats: true } norm => Batch(norm.num_features, norm.eps, norm.momentum),
            TorchSharp.Modules.Dropout dropout => new PassingPart(Next("dropout"), new Dropout(dropout.p, origin.Random)),
            Flatten { start_dim: 1, end_dim: -1 } => new FlatPart(Next("flat")),
            ReLU => Function(Activation.Relu),
            TorchSharp.Modules.LeakyReLU leaky => Function(Activation.LeakyRelu(leaky.negative_slope)),
            ELU => Function(Activation.Elu()),
            SELU => Function(Activation.Selu),
            GELU => Function(Activation.Gelu),
            SiLU => Function(Activation.Silu),
            Mish => Function(Activation.Mish),
            Softplus => Function(Activation.Softplus()),
            Tanh => Function(Activation.Tanh),
            Sigmoid => Function(Activation.Sigmoid),
            _ => throw Unknown(module, path),
        };
        _parts.Add(part);
    }

    private WeightedLayer Layer(int inputs, int units, WeightMap map) =>
        new(new($"layer{++_layers}", inputs, units, origin, new LayerRole(), WeightParametrization.None, Map: map));

    private WeightedLayer Convolution(TorchSharp.Modules.Convolution convolution, int dimensions, string path)
    {
        var (kernel, stride) = ((int)convolution.kernel_size[0], (int)convolution.stride![0]);
        if (convolution.kernel_size.Any(size => size != kernel) || kernel % 2 == 0 || convolution.stride.Any(step => step != stride) || convolution.dilation!.Any(step => step != 1)
            || convolution.padding!.Any(size => size != kernel / 2) || convolution.padding_mode != TorchSharp.PaddingModes.Zeros)
            throw Unknown(convolution, path, " of such a kernel, stride, dilation or padding; it takes an odd kernel, as wide as high, and half of it as zeros around");
        var (inputs, units) = ((int)convolution.in_channels, (int)convolution.out_channels);
        return Layer(inputs, units, new ConvolutionMap("convolution", inputs, units, new(dimensions, kernel, stride, (int)convolution.groups), convolution.bias is not null));
    }

    private NormalizedPart Batch(long features, double epsilon, double? momentum) =>
        new(Next("normalization"), Normalization.Batch with { Epsilon = epsilon, Momentum = momentum ?? 0.1 }, (int)features);

    private ActivatedPart Function(Activation activation) => new(Next("activation"), activation);

    private string Next(string kind) => $"{kind}{_parts.Count + 1}";

    private NotSupportedException Unknown(nn.Module module, string path, string form = "") => new(
        $"The custom network '{name}' has a layer '{(path.Length == 0 ? module.GetName() : path)}' ({module.GetType().Name}){form}, which has no form in an ONNX file here. Known are Linear, Conv1d, Conv2d, LayerNorm, BatchNorm1d, BatchNorm2d, Dropout, Flatten and activations, in a Sequential.");
}
