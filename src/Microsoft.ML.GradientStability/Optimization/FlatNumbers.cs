using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Numbers one behind the other, in the memory of the host or on a device. What a step does to them stands here, one form for each, so that
/// nothing above asks where they are. On the host nothing is allocated.
/// </summary>
internal readonly ref struct FlatNumbers
{
    private readonly Span<float> _host;

    public FlatNumbers(Span<float> host) => _host = host;

    /// <param name="device">Of one dimension.</param>
    public FlatNumbers(Tensor device) => Device = device;

    /// <summary>In the memory of the host; empty for those on a device.</summary>
    public Span<float> Host => _host;

    /// <summary>On a device; <see langword="null"/> in the memory of the host.</summary>
    public Tensor? Device { get; }

    public bool IsEmpty => Device is null && _host.IsEmpty;

    public int Length => Device is null ? _host.Length : (int)Device.numel();

    public FlatNumbers Slice(int offset, int length) => Device is null ? new(_host.Slice(offset, length)) : new(Device.narrow(0, offset, length));

    /// <summary>A copy.</summary>
    public float[] ToArray()
    {
        if (Device is null)
            return _host.ToArray();
        using var copy = Device.cpu();
        return MemoryMarshal.Cast<byte, float>(copy.bytes).ToArray();
    }

    public void CopyTo(Span<float> values)
    {
        if (Device is null)
            _host.CopyTo(values);
        else
            ToArray().CopyTo(values);
    }

    public void CopyFrom(ReadOnlySpan<float> values)
    {
        if (Device is null)
        {
            values.CopyTo(_host);
            return;
        }
        using var copy = tensor(values.ToArray(), device: CPU);
        Device.copy_(copy);
    }

    /// <summary>‖x‖.</summary>
    public double Norm() => Device is null ? L2Norm.Of(_host) : L2Norm.Of<FlatParameters.LayerSlice>(Device, [new("", 0, Length)])[0];

    /// <summary>x ← 0.</summary>
    public void Clear()
    {
        if (Device is null)
            _host.Clear();
        else
            Device.zero_();
    }

    /// <summary>x ← factor·x.</summary>
    public void Multiply(float factor)
    {
        if (Device is null)
        {
            TensorPrimitives.Multiply(_host, factor, _host);
            return;
        }
        using Scalar scalar = factor;
        Device.mul_(scalar);
    }

    /// <summary>x ← x/divisor.</summary>
    public void Divide(float divisor)
    {
        if (Device is null)
        {
            TensorPrimitives.Divide(_host, divisor, _host);
            return;
        }
        using Scalar scalar = divisor;
        Device.div_(scalar);
    }

    /// <summary>x ← x + factor·y.</summary>
    public void Add(FlatNumbers y, float factor)
    {
        if (Device is null)
        {
            TensorPrimitives.MultiplyAdd(y._host, factor, _host, _host);
            return;
        }
        using Scalar scalar = factor;
        Device.add_(y.Device!, scalar);
    }

    /// <summary>x ← x + factor·sign(y), sign(0) = 0; <paramref name="factor"/> at least 0.</summary>
    public void AddSigns(FlatNumbers y, float factor)
    {
        if (Device is not null)
        {
            using Scalar scalar = factor;
            Device.add_(y.Device!.sign(), scalar);
            return;
        }
        var wide = MemoryMarshal.Cast<float, Vector<float>>(_host);
        var signs = MemoryMarshal.Cast<float, Vector<float>>(y._host);
        var step = new Vector<float>(factor);
        for (var i = 0; i < wide.Length; i++)
            wide[i] += Vector.ConditionalSelect(Vector.Equals(signs[i], default), default, Vector.CopySign(step, signs[i]));
        for (var i = wide.Length * Vector<float>.Count; i < _host.Length; i++)
            _host[i] += y._host[i] == 0 ? 0 : MathF.CopySign(factor, y._host[i]);
    }

    /// <summary>x ← (1 − share)·x + share·y.</summary>
    public void MoveTowards(FlatNumbers y, float share)
    {
        if (Device is null)
        {
            TensorPrimitives.Lerp(_host, y._host, share, _host);
            return;
        }
        Multiply(1 - share);
        Add(y, share);
    }

    /// <summary>Exchanges both.</summary>
    public void Swap(FlatNumbers y)
    {
        if (Device is not null)
        {
            var copy = Device.clone();
            Device.copy_(y.Device!);
            y.Device!.copy_(copy);
            return;
        }
        for (var i = 0; i < _host.Length; i++)
            (_host[i], y._host[i]) = (y._host[i], _host[i]);
    }

    /// <summary>x ← min(max(x, −bound), bound); whether that changed one of them.</summary>
    public Change Bound(float bound)
    {
        if (Device is null)
        {
            if (Math.Abs(TensorPrimitives.MaxMagnitude<float>(_host)) <= bound)
                return default;
            TensorPrimitives.Clamp(_host, -bound, bound, _host);
            return new(true);
        }
        using Scalar least = -bound, greatest = bound;
        var change = Device.abs().gt(greatest).any();
        Device.clamp_(least, greatest);
        return new(false, change);
    }

    /// <summary>x ← x − mean(x), row by row.</summary>
    /// <param name="columns">Numbers a row.</param>
    public void CenterRows(int columns)
    {
        if (Device is not null)
        {
            var rows = Device.view(-1, columns);
            rows.sub_(rows.mean([1], keepdim: true));
            return;
        }
        for (var start = 0; start < _host.Length; start += columns)
        {
            var row = _host.Slice(start, columns);
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / columns, row);
        }
    }

    /// <summary>x ← x·l/‖x‖ for each row whose norm is above l = share·max(‖y‖, least), y the row of other numbers; whether there is one.</summary>
    /// <param name="columns">Numbers a row.</param>
    /// <param name="y">As many rows; none, for a norm of 0.</param>
    /// <param name="share">A factor, above 0.</param>
    /// <param name="least">The least norm that counts, above 0.</param>
    public Change HoldRows(int columns, FlatNumbers y, double share, double least)
    {
        if (Device is not null)
        {
            using Scalar factor = share, norm = least, one = 1f;
            var limits = y.IsEmpty ? full([1], share * least, ScalarType.Float64, Device.device) : L2Norm.OfRows(y.Device!, columns).clamp(min: norm).mul(factor);
            // Divided by a norm of 0, infinity shrinks nothing.
            var factors = limits.div(L2Norm.OfRows(Device, columns)).to(ScalarType.Float32);
            Device.view(-1, columns).mul_(factors.clamp(max: one).unsqueeze(1));
            return new(false, factors.lt(one).any());
        }
        var changed = false;
        for (var start = 0; start < _host.Length; start += columns)
        {
            var row = _host.Slice(start, columns);
            var limit = share * Math.Max(y.IsEmpty ? 0 : L2Norm.Of(y._host.Slice(start, columns)), least);
            changed |= new FlatNumbers(row).Shrink(limit / L2Norm.Of(row));
        }
        return new(changed);
    }

    /// <summary>x ← factor·x where that makes it smaller; whether it did.</summary>
    public bool Shrink(double factor)
    {
        var single = (float)factor;
        if (!(single < 1))
            return false;
        Multiply(single);
        return true;
    }
}
