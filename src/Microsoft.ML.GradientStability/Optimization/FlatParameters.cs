using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The parameters of a network as views of one contiguous tensor, and their gradients as views of another, in the order of the
/// layers. The optimizer then steps one tensor, clipping is one multiplication and a snapshot one copy, whatever the depth;
/// on the CPU the statistics of every layer, parameter or unit are a pass over a span.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly Tensor _gradients;

    public FlatParameters(NetworkModule module)
    {
        using var frozen = no_grad();
        var slices = new List<ParameterSlice>();
        var parameters = new List<Parameter>();
        Layers = new LayerSlice[module.Layers.Count];
        var total = 0;
        var index = 0;
        foreach (var (layer, own) in module.ParametersByLayer())
        {
            var start = total;
            foreach (var parameter in own)
            {
                var length = checked((int)parameter.numel());
                var rows = parameter.dim() < 2 ? 1 : (int)parameter.shape[0];
                slices.Add(new ParameterSlice(index, total, rows, length / rows, IsWeight: parameter.dim() >= 2));
                parameters.Add(parameter);
                total = checked(total + length);
            }
            Layers[index++] = new LayerSlice(layer.Title, start, total - start);
        }
        Parameters = [.. slices];

        Values = new Parameter(empty(total, dtype: ScalarType.Float32, device: CPU));
        _gradients = zeros(total, dtype: ScalarType.Float32, device: CPU);
        Values.grad = _gradients;

        using var scope = NewDisposeScope();
        foreach (var (slice, parameter) in slices.Zip(parameters))
        {
            var shape = parameter.shape;
            var view = Values.narrow(0, slice.Offset, slice.Length).view(shape);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = _gradients.narrow(0, slice.Offset, slice.Length).view(shape);
        }
    }

    /// <summary>One layer's part of the flat tensors.</summary>
    public readonly record struct LayerSlice(string Title, int Offset, int Length);

    /// <summary>One parameter's part of the flat tensors.</summary>
    /// <param name="Layer">The layer it belongs to, an index into <see cref="Layers"/>.</param>
    /// <param name="Offset">Of its first value.</param>
    /// <param name="Rows">Units of a weight matrix; 1 for everything else.</param>
    /// <param name="Columns">Values a row: the inputs of a unit.</param>
    /// <param name="IsWeight">Whether it is a weight matrix, not a bias, a scale, a slope or a gate.</param>
    public readonly record struct ParameterSlice(int Layer, int Offset, int Rows, int Columns, bool IsWeight)
    {
        public int Length => Rows * Columns;
    }

    /// <summary>In the order of the network, the output layer last.</summary>
    public LayerSlice[] Layers { get; }

    /// <summary>In the same order, without gaps.</summary>
    public ParameterSlice[] Parameters { get; }

    /// <summary>All parameters, flat; what the optimizer steps.</summary>
    public Parameter Values { get; }

    /// <summary>All gradients, flat.</summary>
    public Tensor Gradients => _gradients;

    /// <summary>All parameters, in place.</summary>
    public Span<float> ValueSpan => Span(Values);

    /// <summary>All gradients, in place.</summary>
    public Span<float> GradientSpan => Span(_gradients);

    /// <summary>The gradients of one layer, in place.</summary>
    public ReadOnlySpan<float> GradientsOf(in LayerSlice layer) => GradientSpan.Slice(layer.Offset, layer.Length);

    /// <summary>A copy of all parameters.</summary>
    public float[] ToArray() => ValueSpan.ToArray();

    /// <summary>The same, into an array of the right length where there is one.</summary>
    public float[] CopyTo(float[] values)
    {
        var span = ValueSpan;
        if (values.Length != span.Length)
            values = new float[span.Length];
        span.CopyTo(values);
        return values;
    }

    /// <summary>Sets all parameters.</summary>
    public void CopyFrom(ReadOnlySpan<float> values) => values.CopyTo(ValueSpan);

    public void Dispose()
    {
        Values.Dispose();
        _gradients.Dispose();
    }

    private static Span<float> Span(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
