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
    private readonly FlatMemory _values = parameters.Remember(parameters.Weights);
    private readonly FlatMemory[] _bufferValues = [.. module.RunningStatistics().Select(values => parameters.Remember(parameters.Near(values)))];
    private long _steps;

    /// <summary>Takes the weights in as they are now. Allocates nothing.</summary>
    public void Update()
    {
        _steps++;
        var share = (float)(1 - Math.Min(decay, (1.0 + _steps) / (10 + _steps)));
        _values.All.MoveTowards(parameters.Weights, share);
        for (var i = 0; i < _buffers.Length; i++)
            _bufferValues[i].All.MoveTowards(parameters.Near(_buffers[i]), share);
    }

    /// <summary>Exchanges the network's weights with their averages.</summary>
    public void Swap()
    {
        _values.All.Swap(parameters.Weights);
        for (var i = 0; i < _buffers.Length; i++)
            _bufferValues[i].All.Swap(parameters.Near(_buffers[i]));
    }
}
