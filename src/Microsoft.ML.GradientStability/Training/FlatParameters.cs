using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The parameters of a network as views of one contiguous tensor, and their gradients as views of another, in the order of the
/// layers. The optimizer then steps one tensor, clipping is one multiplication and a snapshot one copy, whatever the depth;
/// on the CPU the statistics of every layer are a pass over one span.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly Tensor _gradients;

    public FlatParameters(NetworkModule module)
    {
        using var frozen = no_grad();
        var layers = module.Layers;
        Layers = new Slice[layers.Count];
        var total = 0;
        for (var i = 0; i < layers.Count; i++)
        {
            var length = checked((int)layers[i].parameters().Sum(p => p.numel()));
            Layers[i] = new Slice(layers[i].Title, total, length);
            total = checked(total + length);
        }

        Values = new Parameter(empty(total));
        _gradients = zeros(total);
        Values.grad = _gradients;

        using var scope = NewDisposeScope();
        var offset = 0L;
        foreach (var parameter in layers.SelectMany(layer => layer.parameters()))
        {
            var shape = parameter.shape;
            var length = parameter.numel();
            var view = Values.narrow(0, offset, length).view(shape);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = _gradients.narrow(0, offset, length).view(shape);
            offset += length;
        }
    }

    /// <summary>One layer's part of the flat tensors.</summary>
    public readonly record struct Slice(string Title, int Offset, int Length);

    /// <summary>In the order of the network, the output layer last.</summary>
    public Slice[] Layers { get; }

    /// <summary>All parameters, flat; what the optimizer steps.</summary>
    public Parameter Values { get; }

    /// <summary>All gradients, flat.</summary>
    public Tensor Gradients => _gradients;

    /// <summary>The gradients of one layer, in place.</summary>
    public ReadOnlySpan<float> GradientsOf(in Slice layer) => Span(_gradients).Slice(layer.Offset, layer.Length);

    /// <summary>A copy of all parameters.</summary>
    public float[] ToArray() => Span(Values).ToArray();

    /// <summary>The same, into an array of the right length where there is one.</summary>
    public float[] CopyTo(float[] values)
    {
        var span = Span(Values);
        if (values.Length != span.Length)
            values = new float[span.Length];
        span.CopyTo(values);
        return values;
    }

    /// <summary>Sets all parameters.</summary>
    public void CopyFrom(ReadOnlySpan<float> values) => values.CopyTo(Span(Values));

    public void Dispose()
    {
        Values.Dispose();
        _gradients.Dispose();
    }

    private static Span<float> Span(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
