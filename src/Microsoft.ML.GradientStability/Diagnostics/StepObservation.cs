using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What one training step shows, read after backward and before anything acts on the gradient: the loss and the L2 norm of every
/// layer's raw gradient. One object serves a whole fit; reading allocates nothing.
/// </summary>
/// <param name="layers">All of them.</param>
/// <param name="doors">Those of them that stand side by side before the others.</param>
internal sealed class StepObservation(int layers, int doors = 0)
{
    private readonly double[] _layerNorms = new double[layers];

    /// <summary>From 1.</summary>
    public int Epoch { get; private set; }

    /// <summary>From 1, over all epochs.</summary>
    public long Step { get; private set; }

    /// <summary>The mean loss of the batch.</summary>
    public double Loss { get; private set; }

    /// <summary>‖g_l‖ a layer, from the input on; NaN or infinite where the gradient holds such values.</summary>
    public ReadOnlySpan<double> LayerNorms => _layerNorms;

    /// <summary>The same of the layers that stand one behind the other.</summary>
    public ReadOnlySpan<double> DepthNorms => _layerNorms.AsSpan(doors);

    /// <summary>√Σ‖g_l‖² over all layers.</summary>
    public double Norm { get; private set; }

    /// <summary>What reading took so far.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Whether loss and gradient can be used for a step.</summary>
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Norm);

    /// <param name="epoch">From 1.</param>
    /// <param name="step">From 1.</param>
    /// <param name="loss">What the host knows of the loss.</param>
    /// <param name="parameters">With their gradients.</param>
    /// <param name="onDevice">What is added to it; it comes to the host in one copy with the norms.</param>
    public void Read(int epoch, long step, double loss, FlatParameters parameters, Tensor? onDevice = null)
    {
        var start = Stopwatch.GetTimestamp();
        loss += parameters.Norms<FlatParameters.LayerSlice>(parameters.Layers, _layerNorms, onDevice);
        (Epoch, Step, Loss) = (epoch, step, loss);
        var squares = 0.0;
        foreach (var norm in _layerNorms)
            squares += norm * norm;
        Norm = Math.Sqrt(squares);
        Time += Stopwatch.GetElapsedTime(start);
    }
}
