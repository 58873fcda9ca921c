using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The parameters of a network as views of one contiguous tensor, and their gradients as views of another, in the order of the
/// layers. The optimizer then steps one tensor, clipping is one multiplication and a snapshot one copy, whatever the depth;
/// on the host the statistics of every layer, parameter or unit are a pass over a span, on a device a call.
/// </summary>
/// <remarks>
/// Slot by slot, for sparse rows, the first layer's weights are held transposed (slots × units), and a step has the gradient of the slots
/// alone that its rows have: <see cref="GradientSpan"/> is short, and <see cref="Moved"/> tells what belongs together.
/// </remarks>
internal sealed class FlatParameters : IDisposable
{
    private readonly Tensor _values;
    private readonly Tensor _gradients;
    private readonly Device? _device;
    private readonly List<Tensor> _memory = [];
    private readonly SlotLinear? _slots;
    private readonly SlotGradient? _slotGradient;
    private readonly Tensor? _slotRoom;
    private readonly List<MovedSlice> _moved = [];
    private readonly MovedSlice[] _all;

    /// <param name="module">The network.</param>
    /// <param name="slotBySlot">Whether its rows are sparse; it then has <see cref="NetworkModule.Slots"/>, and is in the memory of the host.</param>
    /// <param name="device">Where the network is, and what is done to its parameters is a call of LibTorch; <see langword="null"/> for the memory of the host, and spans.</param>
    public FlatParameters(NetworkModule module, bool slotBySlot = false, Device? device = null)
    {
        _device = device;
        using var frozen = no_grad();
        var slices = new List<ParameterSlice>();
        var parameters = new List<Parameter>();
        Layers = new LayerSlice[module.Layers.Count];
        Doors = module.Doors;
        var total = 0;
        var index = 0;
        foreach (var (layer, own) in module.ParametersByLayer())
        {
            var start = total;
            foreach (var parameter in own)
            {
                var length = checked((int)parameter.numel());
                var rows = parameter.dim() < 2 ? 1 : (int)parameter.shape[0];
                slices.Add(new ParameterSlice(index, total, rows, length / rows, IsWeight: parameter.dim() >= 2));
                parameters.Add(parameter);
                total = checked(total + length);
            }
            Layers[index] = new LayerSlice(layer.Title, start, total - start);
            index++;
        }
        Parameters = [.. slices];

        _all = [new MovedSlice(0, 0, 0, total, IsWeight: false)];

        Values = new Parameter(empty(total, dtype: ScalarType.Float32, device: device ?? CPU));
        _values = Values.detach();
        // Untouched memory is none: of the room for all slots a step takes as much as its slots need.
        _gradients = slotBySlot
            ? empty(total, dtype: ScalarType.Float32, device: CPU)
            : zeros(total, dtype: ScalarType.Float32, device: device ?? CPU);
        Values.grad = _gradients;

        using var scope = NewDisposeScope();
        if (slotBySlot)
        {
            _slots = module.Slots!;
            var (units, slots) = (slices[0].Rows, slices[0].Columns);
            _slotRoom = _gradients.narrow(0, 0, slices[0].Length).DetachFromDisposeScope();
            _slotGradient = new SlotGradient(_slotRoom, slots, units);
            var view = Values.narrow(0, 0, slices[0].Length).view(slots, units).t();
            view.copy_(_slots.Weight);
            _slots.Weight.set_(view);
        }
        foreach (var (slice, parameter) in slices.Zip(parameters).Skip(slotBySlot ? 1 : 0))
        {
            var shape = parameter.shape;
            var view = Values.narrow(0, slice.Offset, slice.Length).view(shape);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = _gradients.narrow(0, slice.Offset, slice.Length).view(shape);
        }
        ClearGradients();
        FindMoved();
    }

    /// <summary>One layer's part of the flat tensors.</summary>
    /// <param name="Title">Where it stands, and its widths, such as <c>hidden layer 12 of 30 (64→64)</c>.</param>
    /// <param name="Offset">Of its first value.</param>
    /// <param name="Length">Values.</param>
    public readonly record struct LayerSlice(string Title, int Offset, int Length) : IFlatPart;

    /// <summary>One parameter's part of the flat tensors.</summary>
    /// <param name="Layer">The layer it belongs to, an index into <see cref="Layers"/>.</param>
    /// <param name="Offset">Of its first value.</param>
    /// <param name="Rows">Units of a weight matrix; 1 for everything else.</param>
    /// <param name="Columns">Values a row: the inputs of a unit.</param>
    /// <param name="IsWeight">Whether it is a weight matrix, not a bias, a scale, a slope or a gate.</param>
    public readonly record struct ParameterSlice(int Layer, int Offset, int Rows, int Columns, bool IsWeight) : IFlatPart
    {
        public int Length => Rows * Columns;
    }

    /// <summary>A part of the flat tensors that a step moves.</summary>
    /// <param name="Index">Its number among all parts that any step moves, below <see cref="Parts"/>.</param>
    /// <param name="Offset">Of its first value.</param>
    /// <param name="GradientOffset">Of its gradient in <see cref="Gradients"/>.</param>
    /// <param name="Length">Values.</param>
    /// <param name="IsWeight">Whether it is a weight matrix, or one slot of it.</param>
    public readonly record struct MovedSlice(int Index, int Offset, int GradientOffset, int Length, bool IsWeight);

    /// <summary>In the order of the network, the output layer last.</summary>
    public LayerSlice[] Layers { get; }

    /// <summary>Layers at the beginning that stand side by side: <see cref="NetworkModule.Doors"/>.</summary>
    public int Doors { get; }

    /// <summary>In the same order, without gaps.</summary>
    public ParameterSlice[] Parameters { get; }

    /// <summary>All parameters, flat; what the network's own are views of.</summary>
    public Parameter Values { get; }

    /// <summary>The same, for what acts on them.</summary>
    public FlatNumbers Weights => On(_values, 0);

    /// <summary>All gradients; slot by slot, those of the slots that the rows of this step have.</summary>
    public FlatNumbers Gradients
    {
        get
        {
            Settle();
            return UnscaledGradients;
        }
    }

    /// <summary>What <see cref="UnscaledGradients"/> are still to be multiplied by; 1 once somebody asked for the gradients as they are.</summary>
    public float Scale { get; private set; } = 1;

    /// <summary>All gradients before they are multiplied by <see cref="Scale"/>, for who does so on the way.</summary>
    public FlatNumbers UnscaledGradients => On(_gradients, GradientStart);

    /// <summary>Whether they are on a device, and what is done to them is a call of LibTorch.</summary>
    public bool IsOnDevice => _device is not null;

    /// <summary>Whether a step moves the slots alone that its rows have.</summary>
    public bool SlotBySlot => _slotGradient is not null;

    /// <summary>What the gradient of this step moves: every parameter, the first weights slot by slot where that is how they are held.</summary>
    public ReadOnlySpan<MovedSlice> Moved => CollectionsMarshal.AsSpan(_moved);

    /// <summary>
    /// The same as an optimizer takes it: on a device, where a pass costs a call however short it is, all at once, with weights and all else in one part.
    /// </summary>
    public ReadOnlySpan<MovedSlice> Steps => IsOnDevice ? _all : Moved;

    /// <summary>Parts that any step can move: parameters and, slot by slot, slots in place of the first.</summary>
    public int Parts => Parameters.Length + (SlotBySlot ? Parameters[0].Columns - 1 : 0);

    /// <summary>All parameters, in place; of a device a copy.</summary>
    public Span<float> ValueSpan => Look(Weights);

    /// <summary>All gradients, in place; of a device a copy. Slot by slot, those of the slots that the rows of this step have.</summary>
    public Span<float> GradientSpan => Look(Gradients);

    /// <summary>The gradients of one layer, in place; of a device a copy.</summary>
    public ReadOnlySpan<float> GradientsOf(in LayerSlice layer) => Look(GradientsOf(layer.Offset, layer.Length));

    /// <summary>The gradients of one parameter.</summary>
    public FlatNumbers GradientsOf(in ParameterSlice parameter) => GradientsOf(parameter.Offset, parameter.Length);

    /// <summary>The norms of parts of the gradient: from a device one copy, with other numbers of it behind them.</summary>
    /// <param name="parts">Layers or parameters.</param>
    /// <param name="norms">One each.</param>
    /// <param name="other">A number that a device knows.</param>
    /// <returns>That number; 0 where there is none.</returns>
    public double Norms<TPart>(ReadOnlySpan<TPart> parts, Span<double> norms, Tensor? other = null) where TPart : struct, IFlatPart
    {
        if (IsOnDevice)
            return Norms(Gradients, parts, norms, other);
        for (var i = 0; i < parts.Length; i++)
            norms[i] = L2Norm.Of(GradientsOf(parts[i].Offset, parts[i].Length).Host);
        return 0;
    }

    /// <summary>The same of numbers that stand for all parameters.</summary>
    public static double Norms<TPart>(FlatNumbers numbers, ReadOnlySpan<TPart> parts, Span<double> norms, Tensor? other = null) where TPart : struct, IFlatPart
    {
        if (numbers.Device is { } device)
        {
            var read = other is null ? L2Norm.Of(device, parts) : L2Norm.Of(device, parts, other);
            read.AsSpan(0, parts.Length).CopyTo(norms);
            return other is null ? 0 : read[^1];
        }
        for (var i = 0; i < parts.Length; i++)
            norms[i] = L2Norm.Of(numbers.Host.Slice(parts[i].Offset, parts[i].Length));
        return 0;
    }

    /// <summary>Room to remember a number of every parameter, where they are; it lasts as long as they do.</summary>
    /// <param name="first">What each is at first.</param>
    public FlatMemory Remember(float first = 0)
    {
        var length = _all[0].Length;
        if (IsOnDevice)
        {
            using var scope = NewDisposeScope();
            _memory.Add(full([length], first, ScalarType.Float32, _device).DetachFromDisposeScope());
            return new FlatMemory(null, _memory[^1]);
        }
        var numbers = new float[length];
        if (first != 0)
            Array.Fill(numbers, first);
        return new FlatMemory(numbers, null);
    }

    /// <summary>The same with numbers in it, however many.</summary>
    public FlatMemory Remember(FlatNumbers first)
    {
        if (first.Device is null)
            return new FlatMemory(first.ToArray(), null);
        _memory.Add(first.Device.clone().DetachFromDisposeScope());
        return new FlatMemory(null, _memory[^1]);
    }

    /// <summary>The numbers of a tensor of the network, in place.</summary>
    public FlatNumbers Near(Tensor tensor) => On(tensor.view(-1), 0);

    /// <summary>Room for none.</summary>
    public static FlatMemory Nothing { get; } = new(null, null);

    /// <summary>Sets all gradients to 0, before the first rows of a step.</summary>
    public void ClearGradients()
    {
        Scale = 1;
        _slotGradient?.Clear();
        UnscaledGradients.Clear();
    }

    /// <summary>Multiplies all gradients, when they are next asked for: an optimizer reads them in any case, and saves a pass over them.</summary>
    public void ScaleGradients(float factor) => Scale *= factor;

    /// <summary>Completes the gradients after the backward pass of some rows, whose tensors must be alive.</summary>
    public void CompleteGradients()
    {
        if (_slotGradient is null)
            return;
        _slots!.AddGradient(_slotGradient);
        FindMoved();
    }

    /// <summary>A copy of all parameters, weight matrices unit by unit however they are held.</summary>
    public float[] ToArray()
    {
        var values = Weights.ToArray();
        if (_slots is null)
            return values;
        using var weights = _slots.Weight.detach().contiguous();
        On(weights, 0).CopyTo(values);
        return values;
    }

    /// <summary>A copy as they are held, into an array of the right length where there is one.</summary>
    public float[] CopyTo(float[] values)
    {
        var weights = Weights;
        if (values.Length != weights.Length)
            values = new float[weights.Length];
        weights.CopyTo(values);
        return values;
    }

    /// <summary>Sets all parameters, as they are held.</summary>
    public void CopyFrom(ReadOnlySpan<float> values) => Weights.CopyFrom(values);

    public void Dispose()
    {
        _slotRoom?.Dispose();
        foreach (var remembered in _memory)
            remembered.Dispose();
        _values.Dispose();
        Values.Dispose();
        _gradients.Dispose();
    }

    private int GradientStart => _slotGradient?.Start ?? 0;

    private void Settle()
    {
        if (Scale == 1)
            return;
        UnscaledGradients.Multiply(Scale);
        Scale = 1;
    }

    private FlatNumbers GradientsOf(int offset, int length)
    {
        Settle();
        var start = Math.Max(offset, GradientStart);
        return On(_gradients, start).Slice(0, offset + length - start);
    }

    private void FindMoved()
    {
        _moved.Clear();
        var first = 0;
        if (_slotGradient is { Met: var met })
        {
            var (units, slots) = (Parameters[0].Rows, Parameters[0].Columns);
            for (var i = met.Count - 1; i >= 0; i--)
                _moved.Add(new MovedSlice(met[i], met[i] * units, (met.Count - 1 - i) * units, units, IsWeight: true));
            first = 1;
        }
        for (var i = first; i < Parameters.Length; i++)
        {
            var parameter = Parameters[i];
            _moved.Add(new MovedSlice(Parts - Parameters.Length + i, parameter.Offset, parameter.Offset - GradientStart, parameter.Length, parameter.IsWeight));
        }
    }

    private FlatNumbers On(Tensor tensor, int start) => IsOnDevice
        ? new(start == 0 ? tensor : tensor.narrow(0, start, tensor.numel() - start))
        : new(MemoryMarshal.Cast<byte, float>(tensor.bytes)[start..]);

    private static Span<float> Look(FlatNumbers numbers) => numbers.Device is null ? numbers.Host : numbers.ToArray();
}
