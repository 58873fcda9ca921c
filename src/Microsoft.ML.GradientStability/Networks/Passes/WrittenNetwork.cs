using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>A network written out: what stands before its first layer, and its parts as passes.</summary>
/// <param name="features">Features a row.</param>
/// <param name="scaling">Of the features, if any.</param>
/// <param name="encoding">Of the scaled features, if any.</param>
/// <param name="keys">What is made of the features that are keys, the last of a row, if any.</param>
/// <param name="numbers">Features that are numbers.</param>
/// <param name="parts">The parts.</param>
internal sealed class WrittenNetwork(int features, ForwardPass? scaling, ForwardPass? encoding, KeyEmbeddings.Lookup? keys, int numbers, Pass parts)
{
    private readonly Block _features = new(features);
    private readonly Block _numbers = new(numbers);
    private readonly Block _ofEncoded = new(keys?.Numbers ?? 0);

    /// <summary>The scaled numbers of the last batch.</summary>
    public Block Scaled { get; private set; } = null!;

    /// <summary>Runs forward.</summary>
    /// <param name="batch">rows × features, dense.</param>
    /// <param name="training">As in training, not in evaluation.</param>
    /// <returns>The outputs (rows × outputs).</returns>
    public Block Forward(Tensor batch, bool training)
    {
        MemoryMarshal.Cast<byte, float>(batch.bytes).CopyTo(_features.Of((int)batch.size(0)).Values);
        var row = keys is null ? _features : First(_features, _numbers);
        Scaled = scaling?.Forward(row) ?? row;
        row = encoding?.Forward(Scaled) ?? Scaled;
        return parts.Forward(keys?.Forward(row, _features) ?? row, training);
    }

    /// <summary>The outputs of rows in evaluation (rows × outputs).</summary>
    /// <param name="rows">rows × features, dense.</param>
    public Tensor Score(Tensor rows)
    {
        using var contiguous = rows.contiguous();
        var outputs = Forward(contiguous, training: false);
        var scores = empty(outputs.Rows, outputs.Width, dtype: ScalarType.Float32, device: CPU);
        outputs.Values.CopyTo(MemoryMarshal.Cast<byte, float>(scores.bytes));
        return scores;
    }

    /// <summary>Adds the gradients of all parameters to theirs.</summary>
    /// <param name="outputs">∂L/∂outputs, whose memory is used.</param>
    public void Backward(Block outputs)
    {
        var learns = encoding is { Learns: true };
        var gradient = parts.Backward(outputs, toInput: learns || keys is not null);
        keys?.Backward(gradient);
        if (learns)
            encoding!.Backward(keys is null ? gradient : First(gradient, _ofEncoded));
    }

    private static Block First(Block rows, Block numbers)
    {
        numbers.Of(rows.Rows);
        for (var row = 0; row < rows.Rows; row++)
            rows.RowValues(row)[..numbers.Width].CopyTo(numbers.RowValues(row));
        return numbers;
    }
}
