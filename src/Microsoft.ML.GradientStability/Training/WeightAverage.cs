using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// An exponential moving average of the weights and running statistics, a ← d·a + (1 − d)·w after every step, with d the smaller of the
/// decay and (1 + t)/(10 + t) at step t, so that the first steps do not linger (Polyak and Juditsky 1992; the ramp is TensorFlow's). The
/// vectors of spectral normalization stay those of the latest step: the average of directions is none.
/// </summary>
internal sealed class WeightAverage(NetworkModule module, FlatParameters parameters, double decay)
{
    private readonly torch.Tensor[] _buffers = [.. module.RunningStatistics()];
    private readonly float[] _values = parameters.ToArray();
    private readonly float[][] _bufferValues = [.. module.RunningStatistics().Select(values => Span(values).ToArray())];
    private long _steps;

    /// <summary>Takes the weights in as they are now. Allocates nothing.</summary>
    public void Update()
    {
        _steps++;
        var share = (float)(1 - Math.Min(decay, (1.0 + _steps) / (10 + _steps)));
        Move(_values, parameters.ValueSpan, share);
        for (var i = 0; i < _buffers.Length; i++)
            Move(_bufferValues[i], Span(_buffers[i]), share);
    }

    /// <summary>Exchanges the network's weights with their averages.</summary>
    public void Swap()
    {
        Swap(_values, parameters.ValueSpan);
        for (var i = 0; i < _buffers.Length; i++)
            Swap(_bufferValues[i], Span(_buffers[i]));
    }

    /// <summary>a ← (1 − share)·a + share·w.</summary>
    private static void Move(Span<float> averages, ReadOnlySpan<float> values, float share) =>
        TensorPrimitives.Lerp(averages, values, share, averages);

    private static void Swap(Span<float> averages, Span<float> values)
    {
        for (var i = 0; i < averages.Length; i++)
            (averages[i], values[i]) = (values[i], averages[i]);
    }

    private static Span<float> Span(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
