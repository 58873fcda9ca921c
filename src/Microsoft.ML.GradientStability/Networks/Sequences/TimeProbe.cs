using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Measures how far back a gradient reaches: ‖∂L/∂x_t‖ over the rows of a batch for every step t, x what the first layer over sequences gets. It adds
/// zeros to x, whose gradient is that of x, and changes no number. Rows of different lengths are counted from their last steps on: the root mean square of
/// the rows that reach back so far, times √rows, stands for all.
/// </summary>
internal sealed class TimeProbe : IDisposable
{
    private Tensor? _zeros;
    private float[] _shares = [];

    /// <summary>Whether the next batches are measured.</summary>
    public bool IsOn { get; set; }

    /// <summary>x, with what measures it where that is on.</summary>
    /// <param name="x">batch × steps × inputs.</param>
    /// <param name="mask">Which steps are there; <see langword="null"/> where all are.</param>
    public Tensor Watch(Tensor x, StepMask? mask)
    {
        if (!IsOn || !is_grad_enabled())
            return x;
        Dispose();
        _zeros = zeros(x.shape, dtype: ScalarType.Float32, device: x.device, requires_grad: true).DetachFromDisposeScope();
        if (mask is null)
            return x.Plus(_zeros);
        var steps = (int)x.shape[1];
        _shares = new float[steps];
        foreach (var length in mask.Lengths)
            for (var step = steps - (int)length; step < steps; step++)
                _shares[step] += 1f / mask.Lengths.Length;
        return x.Plus(mask.FromEnd(_zeros));
    }

    /// <summary>The norm of the gradient of every step, from the first on, of the last batch; empty where none was measured.</summary>
    public double[] Take()
    {
        using var scope = NewDisposeScope();
        double[] norms = [];
        if (_zeros?.grad is { } gradient)
        {
            var squares = gradient.square().sum([0, 2]).cpu();
            norms = [.. MemoryMarshal.Cast<byte, float>(squares.bytes).ToArray().Select((square, step) => Math.Sqrt(square / (_shares.Length == 0 ? 1 : _shares[step])))];
        }
        Dispose();
        return norms;
    }

    public void Dispose()
    {
        _zeros?.Dispose();
        (_zeros, _shares) = (null, []);
    }
}
