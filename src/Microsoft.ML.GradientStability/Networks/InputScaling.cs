using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The door of a network: (x − mean)·scale + offset a feature, with scale = 1/standard deviation of the training rows; mean is that of the
/// training rows rounded to Single, so that a small spread around a large mean loses no digit, and offset makes up for the rounding. What
/// lies beyond ±10 standard deviations is held there, so that no outlier, and no feature that hardly ever changed, drowns the rest. Features
/// that are mostly zero are only scaled. Nothing in it is trained. Without it features enter as they are.
/// </summary>
internal sealed class InputScaling : nn.Module<Tensor, Tensor>
{
    private const float Bound = 10;

    // Kept, because nothing else keeps a scalar alive while native code reads it (LastingScalars).
    private static readonly TorchSharp.Scalar s_least = -Bound;
    private static readonly TorchSharp.Scalar s_greatest = Bound;

    private readonly Tensor _mean;
    private readonly Tensor _scale;
    private readonly Tensor _offset;
    private readonly string _name;
    private readonly bool _ofSteps;
    private int[]? _shifted;

    /// <param name="mean">A number a feature.</param>
    /// <param name="scale">Another.</param>
    /// <param name="offset">Another.</param>
    /// <param name="ofSteps">Whether these are features of a step, and rows have different numbers of such; behind its steps a row is NaN, and stays so.</param>
    /// <param name="name">In its network.</param>
    public InputScaling(float[] mean, float[] scale, float[] offset, bool ofSteps = false, string name = "input") : base(name)
    {
        (_name, _ofSteps) = (name, ofSteps);
        _mean = tensor(mean, device: CPU);
        _scale = tensor(scale, device: CPU);
        _offset = tensor(offset, device: CPU);
        register_buffer("mean", _mean);
        register_buffer("scale", _scale);
        register_buffer("offset", _offset);
    }

    public override Tensor forward(Tensor input) => input.is_sparse
        ? Sparse(input)
        : _ofSteps ? Dense(input.view(input.shape[0], -1, _mean.shape[0])).view(input.shape)
        : Dense(input);

    private Tensor Dense(Tensor input) => (input - _mean).mul_(_scale).PlusInPlace(_offset).clamp_(s_least, s_greatest);

    /// <summary>The number of a feature that a scaled one stands for.</summary>
    public double Unscaled(int feature, float scaled) =>
        ((double)scaled - _offset[feature].item<float>()) / _scale[feature].item<float>() + _mean[feature].item<float>();

    /// <summary>It written out; of dense rows alone.</summary>
    public ForwardPass WriteOut() => new Rowwise(this);

    public string WriteOnnx(OnnxGraph graph, string input)
    {
        if (!_ofSteps)
            return WriteDense(graph, input);
        var steps = graph.Add("Reshape", [input, graph.Constant($"{_name}.steps", [0, -1, _mean.shape[0]])], $"{_name}.split");
        // What Clip makes of NaN is left to a runtime.
        var scaled = graph.Add("Where", [graph.Add("IsNaN", [steps], $"{_name}.missing"), steps, WriteDense(graph, steps)], $"{_name}.kept");
        return graph.Add("Reshape", [scaled, graph.Constant($"{_name}.rows", [0, -1])], $"{_name}.joined");
    }

    private string WriteDense(OnnxGraph graph, string input)
    {
        var centred = graph.Add("Sub", [input, graph.Constant($"{_name}.mean", _mean)], $"{_name}.centred");
        var scaled = graph.Add("Mul", [centred, graph.Constant($"{_name}.scale", _scale)], $"{_name}.scaled");
        var moved = graph.Add("Add", [scaled, graph.Constant($"{_name}.offset", _offset)], $"{_name}.standardized");
        return graph.Add("Clip", [moved, graph.Scalar($"{_name}.least", -Bound), graph.Scalar($"{_name}.greatest", Bound)], $"{_name}.bounded");
    }

    /// <summary>The same of the numbers that are there, and of the zeros of those features that have a mean: these become numbers.</summary>
    private Tensor Sparse(Tensor input)
    {
        var (rows, features) = (input.shape[0], input.shape[1]);
        var mean = MemoryMarshal.Cast<byte, float>(_mean.bytes);
        var scale = MemoryMarshal.Cast<byte, float>(_scale.bytes);
        var offset = MemoryMarshal.Cast<byte, float>(_offset.bytes);
        _shifted ??= Shifted(mean, scale, offset);
        using var scope = NewDisposeScope();
        var entries = new SlotEntries(input);
        var count = checked(entries.Count + (int)rows * _shifted.Length);
        var (places, numbers) = (empty(2, count, dtype: int64, device: CPU), empty(count, dtype: ScalarType.Float32, device: CPU));
        var rowOf = MemoryMarshal.Cast<byte, long>(places.bytes)[..count];
        var slotOf = MemoryMarshal.Cast<byte, long>(places.bytes)[count..];
        var values = MemoryMarshal.Cast<byte, float>(numbers.bytes);
        entries.Rows.CopyTo(rowOf);
        entries.Slots.CopyTo(slotOf);
        for (var i = 0; i < entries.Count; i++)
        {
            // A zero in every row adds up with what the number differs from it by.
            var slot = (int)entries.Slots[i];
            values[i] = Scaled(entries.Values[i], slot, mean, scale, offset) - Scaled(0, slot, mean, scale, offset);
        }
        var next = entries.Count;
        for (var row = 0; row < rows; row++)
            foreach (var slot in _shifted)
            {
                (rowOf[next], slotOf[next], values[next]) = (row, slot, Scaled(0, slot, mean, scale, offset));
                next++;
            }
        return sparse_coo_tensor(places, numbers, [rows, features]).MoveToOuterDisposeScope();
    }

    /// <summary>A value of a feature as it leaves.</summary>
    public static float Scaled(float value, int slot, ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset) =>
        Math.Clamp((value - mean[slot]) * scale[slot] + offset[slot], -Bound, Bound);

    private static int[] Shifted(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset)
    {
        var shifted = new List<int>();
        for (var slot = 0; slot < mean.Length; slot++)
            if (Scaled(0, slot, mean, scale, offset) != 0)
                shifted.Add(slot);
        return [.. shifted];
    }

    private sealed class Rowwise(InputScaling scaling) : ForwardPass
    {
        private readonly float[] _mean = scaling._mean.data<float>().ToArray();
        private readonly float[] _scale = scaling._scale.data<float>().ToArray();
        private readonly float[] _offset = scaling._offset.data<float>().ToArray();
        private readonly Block _output = new((int)scaling._mean.shape[0]);

        public override Block Forward(Block input)
        {
            _output.Of(input.Rows);
            for (var r = 0; r < input.Rows; r++)
            {
                var x = _output.RowValues(r);
                TensorPrimitives.Subtract(input.RowValues(r), _mean, x);
                TensorPrimitives.MultiplyAdd(x, _scale, _offset, x);
                TensorPrimitives.Clamp(x, -Bound, Bound, x);
            }
            return _output;
        }
    }
}
