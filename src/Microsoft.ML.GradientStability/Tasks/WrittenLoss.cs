using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The loss of an objective written out, with its gradient: what its tensors compute, but for rounding.</summary>
internal abstract class WrittenLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="outputs">rows × outputs; ∂L/∂outputs times <paramref name="factor"/> takes their place.</param>
    /// <param name="inputs">The scaled features, rows × features.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="factor">What the gradient is multiplied by.</param>
    public abstract double Differentiate(Block outputs, Block inputs, in Batch batch, double factor);

    /// <summary>Weight of a row over that of all: 1/rows where rows have none, 0 where they weigh nothing.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="targets">Their classes, where these have weights.</param>
    /// <param name="classWeights">A factor a class on the weight of its rows in that of all; <see langword="null"/> for none.</param>
    protected static Shares Of(in Batch batch, ReadOnlySpan<long> targets = default, float[]? classWeights = null)
    {
        ReadOnlySpan<float> weights = batch.Weights is null ? default : Numbers<float>(batch.Weights);
        var total = 0.0;
        for (long row = 0, rows = batch.Targets.size(0); row < rows; row++)
            total += (weights.IsEmpty ? 1 : weights[(int)row]) * (classWeights is null ? 1 : classWeights[targets[(int)row]]);
        return new Shares(weights, Math.Max(total, 1e-30));
    }

    protected static ReadOnlySpan<T> Numbers<T>(Tensor tensor) where T : struct =>
        MemoryMarshal.Cast<byte, T>(tensor.bytes);

    /// <summary>How much every row counts in the mean.</summary>
    protected readonly ref struct Shares(ReadOnlySpan<float> weights, double total)
    {
        private readonly ReadOnlySpan<float> _weights = weights;

        public double this[int row] => (_weights.IsEmpty ? 1 : _weights[row]) / total;
    }
}
