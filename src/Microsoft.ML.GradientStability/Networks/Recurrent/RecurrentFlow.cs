using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a gradient keeps of its length from step to step of a plain recurrent layer, as batches of a training step are watched, and what U would have to
/// change for it to keep all: Ω of Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks", section 3.3. With
/// a_t = W·x_t + U·h_(t−1) + b, δ_t = ∂L/∂a_t and y_t = (δ_(t+1)·U)∘σ'(a_t), Ω is the mean over the rows of Σ_t (‖y_t‖/‖δ_(t+1)‖ − 1)², and its gradient
/// the immediate one, by U with δ and a as they are: Σ_t 2·(‖y_t‖/‖δ_(t+1)‖ − 1)/(‖y_t‖·‖δ_(t+1)‖)·δ_(t+1)ᵀ·(y_t∘σ'(a_t)). Steps that no gradient reaches have no part in it.
/// </summary>
/// <param name="gate">The layer's weights.</param>
internal sealed class RecurrentFlow(RecurrentGate gate) : IDisposable
{
    /// <summary>A square of a length below it is none.</summary>
    private const float Nothing = 1e-30f;

    private readonly float[] _gradient = new float[gate.Units * gate.Units];
    private RecurrentCell? _cell;
    private Tensor? _zeros;
    private Tensor? _outputs;
    private Tensor? _ofSteps;
    private int _batches;
    private double _sum;

    /// <summary>Whether training watches it.</summary>
    public bool IsOn { get; set; }

    /// <summary>Ω of the batches of the step, their mean.</summary>
    public double Omega => _batches == 0 ? 0 : _sum / _batches;

    /// <summary>Its gradient by U (units × units), their mean.</summary>
    public float[] Gradient => Array.ConvertAll(_gradient, value => _batches == 0 ? 0 : value / _batches);

    /// <summary>The recurrence over all steps, as <see cref="RecurrentCell.Run"/>, with what watches it.</summary>
    public (Tensor Outputs, Tensor End) Run(RecurrentCell cell, Tensor input, Tensor start, int piece)
    {
        Dispose();
        _cell = cell;
        _zeros = zeros([input.shape[0], input.shape[1], gate.Units], dtype: ScalarType.Float32, device: input.device, requires_grad: true).DetachFromDisposeScope();
        // The map of the input stands before the recurrence, where the gradient of what is added to it is δ.
        var sums = nn.functional.linear(input, gate.OfInput(), gate.Bias).Plus(_zeros);
        var ofSteps = gate.OfSteps();
        _ofSteps = ofSteps.detach().cpu().DetachFromDisposeScope();
        var run = cell.Run(sums, start, eye(gate.Units, dtype: ScalarType.Float32, device: input.device), ofSteps, zeros(gate.Units, dtype: ScalarType.Float32, device: input.device), piece);
        _outputs = run.Outputs.detach().DetachFromDisposeScope();
        return run;
    }

    /// <summary>Forgets the batches of the step before.</summary>
    public void Begin()
    {
        _gradient.AsSpan().Clear();
        (_batches, _sum) = (0, 0);
    }

    /// <summary>Takes a batch in, after its backward pass.</summary>
    public void Collect()
    {
        using var scope = NewDisposeScope();
        if (_zeros?.grad is not { } gradient || _outputs is null || gradient.shape[1] < 2)
            return;
        var (rows, steps, units) = ((int)gradient.shape[0], (int)gradient.shape[1] - 1, gate.Units);
        // Judged on the host, wherever the network is.
        var later = gradient.narrow(1, 1, steps).cpu().contiguous();
        var reached = later.matmul(_ofSteps!).contiguous();
        var h = MemoryMarshal.Cast<byte, float>(_outputs.narrow(1, 0, steps).cpu().contiguous().bytes);
        var delta = MemoryMarshal.Cast<byte, float>(later.bytes);
        var y = MemoryMarshal.Cast<byte, float>(reached.bytes);
        for (var place = 0; place < y.Length; place += units)
        {
            var own = y.Slice(place, units);
            var slopes = h.Slice(place, units);
            _cell!.ToSlopes(slopes);
            TensorPrimitives.Multiply(own, slopes, own);
            var before = TensorPrimitives.SumOfSquares<float>(delta.Slice(place, units));
            var behind = TensorPrimitives.SumOfSquares<float>(own);
            if (!(before > Nothing))
            {
                own.Clear();
                continue;
            }
            var lost = Math.Sqrt(behind / before) - 1;
            _sum += lost * lost / rows;
            TensorPrimitives.Multiply(own, slopes, own);
            TensorPrimitives.Multiply(own, behind > Nothing ? (float)(2 * lost / (Math.Sqrt(behind) * Math.Sqrt(before) * rows)) : 0, own);
        }
        var ofBatch = later.view(-1, units).t().matmul(reached.view(-1, units)).contiguous();
        TensorPrimitives.Add(_gradient, MemoryMarshal.Cast<byte, float>(ofBatch.bytes), _gradient);
        _batches++;
        Dispose();
    }

    /// <summary>Adds its gradient, times a strength, to that of U.</summary>
    public void AddTo(double strength)
    {
        if (_batches == 0)
            return;
        using var scope = NewDisposeScope();
        using TorchSharp.Scalar share = strength / _batches;
        var stored = gate.StoredOfSteps;
        using var recorded = enable_grad();
        // From U to what it is made of: the gradient is added to that of the latter.
        gate.OfSteps().backward([tensor(_gradient, stored.shape, device: CPU).mul_(share).to(stored.device)]);
    }

    public void Dispose()
    {
        _zeros?.Dispose();
        _outputs?.Dispose();
        _ofSteps?.Dispose();
        (_zeros, _outputs, _ofSteps) = (null, null, null);
    }
}
