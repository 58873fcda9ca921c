using System.Collections;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[]? _values;
    private readonly int[]? _indices;
    private readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[]? indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[]? values, int[]? indices)
    {
        Contracts.CheckParam(length >= 0, nameof(length), "The length cannot be negative.");
        Contracts.CheckParam(0 <= count && count <= length, nameof(count), "The count must be within the length.");
        Contracts.CheckParam((values?.Length ?? 0) >= count, nameof(values), "There are fewer values than the count says.");
        Contracts.CheckParam(count == length || (indices?.Length ?? 0) >= count, nameof(indices), "There are fewer indices than the count says.");
        (Length, _count, _values, _indices) = (length, count, values, indices);
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Contracts.CheckParam(0 <= sourceIndex && sourceIndex <= Length, nameof(sourceIndex), "The index must be within the vector.");
        Contracts.CheckParam(0 <= length && sourceIndex <= Length - length, nameof(length), "The range must be within the vector.");
        if (IsDense)
        {
            var dense = VBufferEditor.Create(ref destination, length);
            GetValues().Slice(sourceIndex, length).CopyTo(dense.Values);
            destination = dense.Commit();
            return;
        }

        var (from, to) = (FirstAtOrAfter(sourceIndex), FirstAtOrAfter(sourceIndex + length));
        var editor = VBufferEditor.Create(ref destination, length, to - from);
        GetValues()[from..to].CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices![from + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default!)
    {
        Contracts.CheckParam(0 <= destinationIndex && destinationIndex <= destination.Length - Length,
            nameof(destination), "Not large enough to hold these values.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(defaultValue);
        for (var i = 0; i < _count; i++)
            target[_indices![i]] = _values![i];
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        var size = source?.Length ?? 0;
        Contracts.CheckParam(0 <= length && length <= size, nameof(length), "The length must be within the source.");
        Contracts.CheckParam(0 <= sourceIndex && sourceIndex <= size - length, nameof(sourceIndex), "The range must be within the source.");
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var next = 0;
        for (var i = 0; i < _count; i++)
        {
            var slot = IsDense ? i : _indices![i];
            for (; all && next < slot; next++)
                yield return new(next, default!);
            yield return new(slot, _values![i]);
            next = slot + 1;
        }
        for (; all && next < Length; next++)
            yield return new(next, default!);
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        Contracts.CheckParam(0 <= index && index < Length, nameof(index), "The index must be within the vector.");
        if (IsDense)
            return _values![index];
        var found = GetIndices().BinarySearch(index);
        return found >= 0 ? _values![found] : default!;
    }

    public IEnumerator GetEnumerator() => (_values ?? []).GetEnumerator();

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> Edit(int length, int? valuesCount, int? maxValuesCapacity, bool keepOldOnResize, bool requireIndicesOnDense)
    {
        Contracts.CheckParam(length >= 0, nameof(length), "Must be non-negative.");
        var count = valuesCount ?? length;
        Contracts.CheckParam(0 <= count && count <= length, nameof(valuesCount), "Must be between zero and the length.");
        var capacity = maxValuesCapacity ?? Array.MaxLength;
        var values = EnsureSize(_values, count, capacity, keepOldOnResize);
        var needsIndices = count < length || requireIndicesOnDense;
        var indices = needsIndices ? EnsureSize(_indices, count, capacity, keepOldOnResize) : _indices;
        return new VBufferEditor<T>(length, count, values, indices, needsIndices, values != _values, indices != _indices);
    }

    internal VBufferEditor<T> Edit() => Edit(Length, _count, null, false, false);

    private int FirstAtOrAfter(int slot)
    {
        var found = GetIndices().BinarySearch(slot);
        return found >= 0 ? found : ~found;
    }

    // A buffer that is too small grows to twice its size, so that rows of rising length do not allocate each.
    private static TItem[]? EnsureSize<TItem>(TItem[]? array, int count, int capacity, bool keepOld)
    {
        var size = array?.Length ?? 0;
        if (size >= count)
            return array;
        Contracts.CheckParam(count <= capacity, nameof(capacity), "Array can't be larger than its maximum capacity.");
        var grown = 0 < size && size < capacity / 2 ? Math.Max(count, 2 * size) : count;
        if (!keepOld)
            return new TItem[grown];
        Array.Resize(ref array, grown);
        return array;
    }
}
