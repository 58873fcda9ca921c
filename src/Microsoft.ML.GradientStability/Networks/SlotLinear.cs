using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The linear map of a first layer over sparse rows, y = x·Wᵀ: y_b = Σ x_bs·w_s over the slots s that row b has, w_s the weights of a
/// slot (units), and for the gradient g_s = Σ x_bs·∂L/∂y_b. It reads and writes the weights of these slots alone, which lie one behind the
/// other where <see cref="Weight"/> is held slot by slot.
/// </summary>
/// <remarks>The map stands outside of LibTorch's graph, whose backward pass ends at y: a gradient there would take the size of W.</remarks>
internal sealed class SlotLinear(LinearMap linear)
{
    private Tensor? _input;
    private Tensor? _output;

    /// <summary>W (units × slots).</summary>
    public Parameter Weight => linear.Weight;

    /// <summary>y (rows × units), without the bias.</summary>
    /// <param name="input">Sparse, in coordinates (rows × slots).</param>
    public Tensor Forward(Tensor input)
    {
        var units = (int)Weight.shape[0];
        var output = zeros(input.shape[0], units, dtype: ScalarType.Float32, device: CPU);
        using (NewDisposeScope())
        {
            var outputs = MemoryMarshal.Cast<byte, float>(output.bytes);
            var weights = MemoryMarshal.Cast<byte, float>(Weight.detach().t().contiguous().bytes);
            var entries = new SlotEntries(input);
            for (var i = 0; i < entries.Count; i++)
            {
                var row = outputs.Slice((int)entries.Rows[i] * units, units);
                TensorPrimitives.MultiplyAdd(weights.Slice((int)entries.Slots[i] * units, units), entries.Values[i], row, row);
            }
        }
        if (is_grad_enabled())
            (_input, _output) = (input, output.requires_grad_(true));
        return output;
    }

    /// <summary>
    /// Adds the gradient of the weights, after LibTorch's backward pass for the last rows and before their tensors are disposed of.
    /// </summary>
    public void AddGradient(SlotGradient gradient)
    {
        using var scope = NewDisposeScope();
        if (_output?.grad is { } outputs)
        {
            var units = (int)Weight.shape[0];
            var values = MemoryMarshal.Cast<byte, float>(outputs.contiguous().bytes);
            var entries = new SlotEntries(_input!);
            var room = gradient.Room;
            for (var i = 0; i < entries.Count; i++)
            {
                var slot = gradient.Of((int)entries.Slots[i], room);
                TensorPrimitives.MultiplyAdd(values.Slice((int)entries.Rows[i] * units, units), entries.Values[i], slot, slot);
            }
        }
        (_input, _output) = (null, null);
    }
}
