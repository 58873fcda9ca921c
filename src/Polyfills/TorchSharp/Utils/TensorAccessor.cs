using System.Collections;

namespace TorchSharp.Utils;

/// The elements of a tensor in main memory, read and written in place, in row-major order whatever the strides.
public sealed unsafe class TensorAccessor<T> : IEnumerable<T>, IDisposable where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly T* _data;
    private readonly long[]? _shape, _strides;

    internal TensorAccessor(torch.Tensor tensor)
    {
        _tensor = tensor;
        _data = (T*)tensor.Pointer;
        Count = tensor.NumberOfElements;
        if (!tensor.is_contiguous()) (_shape, _strides) = (tensor.shape, tensor.stride());
    }

    public long Count { get; }
    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => *Find(indices);
        set => *Find(indices) = value;
    }

    public T[] ToArray()
    {
        var copy = new T[Count];
        if (Count > 0) CopyTo(copy.AsSpan());
        return copy;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var length = Overlap(array.Length - arrayIndex, tensorIndex);
        if (_strides is null) new ReadOnlySpan<T>(_data + tensorIndex, length).CopyTo(array[arrayIndex..]);
        else for (var i = 0; i < length; i++) array[arrayIndex + i] = _data[Offset(tensorIndex + i)];
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var length = Overlap(array.Length - arrayIndex, tensorIndex);
        if (_strides is null) array.Slice(arrayIndex, length).CopyTo(new(_data + tensorIndex, length));
        else for (var i = 0; i < length; i++) _data[Offset(tensorIndex + i)] = array[arrayIndex + i];
        GC.KeepAlive(_tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0L; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() { }

    private T At(long index) => _data[_strides is null ? index : Offset(index)];

    private T* Find(long[] indices)
    {
        if (indices.Length == 1)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(indices[0]);
            return indices[0] < Count ? _data + (_strides is null ? indices[0] : Offset(indices[0])) : throw new IndexOutOfRangeException();
        }
        long[] shape = _tensor.shape, strides = _tensor.stride();
        var offset = 0L;
        for (var i = 0; i < shape.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= shape[i])
                throw new IndexOutOfRangeException($"Index {indices[i]} does not fit dimension {i}, which has {shape[i]} elements.");
            offset += indices[i] * strides[i];
        }
        return _data + offset;
    }

    private int Overlap(long wanted, long tensorIndex)
    {
        if (tensorIndex < 0 || tensorIndex >= Count) throw new ArgumentOutOfRangeException(nameof(tensorIndex));
        return (int)Math.Max(0, Math.Min(wanted, Count - tensorIndex));
    }

    private long Offset(long index)
    {
        var offset = 0L;
        for (var i = _shape!.Length - 1; i >= 0; i--)
        {
            (index, var place) = Math.DivRem(index, _shape[i]);
            offset += place * _strides![i];
        }
        return offset;
    }
}
