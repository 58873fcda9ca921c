using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Which steps of the rows of a batch are there, where not all are.</summary>
internal sealed class StepMask
{
    private readonly long[] _lengths;
    private readonly int _steps;

    /// <param name="there">1 where a step is there and 0 where it is not (batch × steps).</param>
    public StepMask(Tensor there)
    {
        There = there;
        (_lengths, _steps) = (new long[there.shape[0]], (int)there.shape[1]);
        using var onHost = there.cpu();
        var isThere = MemoryMarshal.Cast<byte, float>(onHost.bytes);
        for (var row = 0; row < _lengths.Length; row++)
            _lengths[row] = Math.Max(1, 1 + isThere.Slice(row * _steps, _steps).LastIndexOf(1));
    }

    /// <summary>1 where a step is there and 0 where it is not (batch × steps).</summary>
    public Tensor There { get; }

    /// <summary>The number of the last step that is there of every row, from 1; 1 of a row that has none.</summary>
    public ReadOnlySpan<long> Lengths => _lengths;

    /// <summary>Every row with its steps in opposite order, what is not there behind them; done twice it is the row again (batch × steps × numbers).</summary>
    public Tensor Reversed(Tensor x) => At(x, _steps, (length, step) => step < length ? length - 1 - step : step);

    /// <summary>Every row moved back, so that what stood in the last place is the last step that is there.</summary>
    public Tensor FromEnd(Tensor x) => At(x, _steps, (length, step) => (step - length + _steps) % _steps);

    /// <summary>The last step that is there of every row (batch × numbers).</summary>
    public Tensor Last(Tensor x) => At(x, 1, (length, _) => length - 1).squeeze(1);

    private Tensor At(Tensor x, int steps, Func<long, int, long> place)
    {
        var places = new long[_lengths.Length * steps];
        for (var i = 0; i < places.Length; i++)
            places[i] = place(_lengths[i / steps], i % steps);
        return x.gather(1, tensor(places, [_lengths.Length, steps, 1], device: x.device).expand(-1, -1, x.shape[2]));
    }
}
