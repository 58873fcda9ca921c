using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Measures how far back a gradient reaches: ‖∂L/∂x_t‖ over the rows of a batch for every step t, x what the first layer over sequences gets. It adds
/// zeros to x, whose gradient is that of x, and changes no number.
/// </summary>
internal sealed class TimeProbe : IDisposable
{
    private Tensor? _zeros;

    /// <summary>Whether the next batches are measured.</summary>
    public bool IsOn { get; set; }

    /// <summary>x, with what measures it where that is on.</summary>
    public Tensor Watch(Tensor x)
    {
        if (!IsOn || !is_grad_enabled())
            return x;
        Dispose();
        _zeros = zeros(x.shape, dtype: ScalarType.Float32, device: CPU, requires_grad: true).DetachFromDisposeScope();
        return x.Plus(_zeros);
    }

    /// <summary>The norm of the gradient of every step, from the first on, of the last batch; empty where none was measured.</summary>
    public double[] Take()
    {
        using var scope = NewDisposeScope();
        double[] norms = [];
        if (_zeros?.grad is { } gradient)
        {
            var squares = gradient.square().sum([0, 2]);
            norms = [.. MemoryMarshal.Cast<byte, float>(squares.bytes).ToArray().Select(square => Math.Sqrt(square))];
        }
        Dispose();
        return norms;
    }

    public void Dispose()
    {
        _zeros?.Dispose();
        _zeros = null;
    }
}
