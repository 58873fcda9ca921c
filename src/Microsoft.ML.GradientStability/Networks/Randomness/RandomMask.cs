using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Numbers (rows × width) of which each is kept at random, the others 0. The tensor is made once and filled anew for every step, so it
/// holds until the step's backward pass is through and no longer.
/// </summary>
internal sealed class RandomMask(double keep, FitRandom random) : IDisposable
{
    private Tensor? _values;
    private Tensor? _rows;
    private long _capacity;
    private long _width;
    private long _count;

    /// <param name="rows">Rows.</param>
    /// <param name="width">Numbers a row.</param>
    /// <param name="kept">What stands for a number that is kept.</param>
    /// <param name="device">Where it is wanted. The numbers are drawn on the host, so that they are the same everywhere.</param>
    public Tensor Draw(long rows, long width, double kept, Device device)
    {
        if (_values is null || rows > _capacity || width != _width)
        {
            Dispose();
            _values = empty([rows, width], dtype: ScalarType.Float32, device: CPU).DetachFromDisposeScope();
            (_capacity, _width, _count) = (rows, width, 0);
        }
        if (_rows is null || rows != _count)
        {
            _rows?.Dispose();
            _rows = _values.narrow(0, 0, rows).DetachFromDisposeScope();
            _count = rows;
        }
        random.Next().FillMask(keep, (float)kept, MemoryMarshal.Cast<byte, float>(_values.bytes)[..checked((int)(rows * width))]);
        return device.type == DeviceType.CPU ? _rows : _rows.to(device);
    }

    /// <summary>The same in the shape of a tensor of rows, number for number or one for a whole row.</summary>
    /// <param name="values">rows × ….</param>
    /// <param name="kept">What stands for a number that is kept.</param>
    /// <param name="ofRows">Whether a row is kept or left out as a whole.</param>
    public Tensor DrawLike(Tensor values, double kept, bool ofRows = false)
    {
        var shape = values.shape;
        var mask = Draw(shape[0], ofRows || shape[0] == 0 ? 1 : values.numel() / shape[0], kept, values.device);
        if (shape.Length == 2)
            return mask;
        return mask.view(ofRows ? [shape[0], .. Enumerable.Repeat(1L, shape.Length - 1)] : shape);
    }

    public void Dispose()
    {
        _rows?.Dispose();
        _values?.Dispose();
        (_rows, _values) = (null, null);
    }
}
