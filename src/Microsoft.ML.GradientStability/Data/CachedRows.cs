using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Rows in memory, one behind the other, growing by doubling. A dense row takes its values, a sparse one its non-zeros and their slots;
/// see <see cref="RowForm"/>.
/// </summary>
/// <param name="width">Features a row, of the longest.</param>
/// <param name="weighted">Whether rows have weights.</param>
/// <param name="vary">Whether rows have different lengths. In a batch with a longer one a row is NaN behind its end.</param>
/// <param name="labelledStep">Features of a step where every step has its label behind them; 0 where labels are those of rows.</param>
internal sealed class CachedRows(int width, bool weighted, bool vary = false, int labelledStep = 0)
{
    /// <summary>Values that one span over native memory can hold, with room to spare.</summary>
    private const long ValuesAtOnce = 1 << 28;

    private float[] _values = [];
    private int[] _slots = [];
    private int[] _valueEnds = [];
    private int[] _slotEnds = [];
    private float[] _targets = [];
    private float[] _weights = [];
    private int _valueCount;
    private int _slotCount;

    public int Count { get; private set; }

    /// <summary>A batch of rows, parted in features and labels where rows carry those of their steps.</summary>
    public Batch Parted(in Batch rows) => labelledStep == 0 ? rows : StepLabels.Part(rows, labelledStep);

    /// <summary>Whether a batch is as wide as the longest of its rows.</summary>
    public bool Vary => vary;

    public static CachedRows Of(BoundColumns columns, bool weighted) => new(columns.Stored.Most, weighted, columns.Length.Varies, columns.LabelledStep);

    public ReadOnlyMemory<float> Targets => _targets.AsMemory(0, Count);

    /// <summary>None where all rows weigh the same.</summary>
    public ReadOnlyMemory<float>? Weights => weighted ? _weights.AsMemory(0, Count) : default(ReadOnlyMemory<float>?);

    /// <summary>Whether the rows, here and once more as tensors, and the arrays they grow in, fit a budget of bytes.</summary>
    public bool Fit(long memoryBudget) =>
        2.0 * sizeof(float) * ((double)_valueCount + _slotCount + 2.0 * Count) <= memoryBudget && 2L * _valueCount <= Array.MaxLength;

    public void Add(in VBuffer<float> features, float target, float weight)
    {
        AddRow(features.GetValues(), target, weight);
        if (features.IsDense)
            return;
        Append(ref _slots, ref _slotCount, features.GetIndices());
        _slotEnds[Count - 1] = _slotCount;
    }

    /// <summary>Adds a dense row.</summary>
    public void Add(ReadOnlySpan<float> features, float target, float weight) => AddRow(features, target, weight);

    /// <summary>Adds a row of those of others.</summary>
    public void Add(ReadOnlySpan<int> slots, ReadOnlySpan<float> values, float target, float weight)
    {
        AddRow(values, target, weight);
        Append(ref _slots, ref _slotCount, slots);
        _slotEnds[Count - 1] = _slotCount;
    }

    /// <summary>Takes all rows out; what they took is kept for others.</summary>
    public void Clear() => (Count, _valueCount, _slotCount) = (0, 0, 0);

    /// <summary>Some rows as a tensor (rows × width, or the length of the longest where rows vary); the caller's dispose scope owns it.</summary>
    /// <param name="rows">Their numbers.</param>
    /// <param name="sparse">Whether the tensor holds the non-zeros alone, in coordinates; dense otherwise.</param>
    public Tensor Features(ReadOnlySpan<long> rows, bool sparse) => sparse ? Sparse(rows) : Dense(rows);

    private Tensor Dense(ReadOnlySpan<long> rows)
    {
        var length = vary ? Longest(rows) : width;
        var features = empty(rows.Length, length, dtype: float32, device: CPU);
        var atOnce = (int)Math.Max(1, ValuesAtOnce / length);
        for (var start = 0; start < rows.Length; start += atOnce)
        {
            using var block = features.narrow(0, start, Math.Min(atOnce, rows.Length - start));
            var values = MemoryMarshal.Cast<byte, float>(block.bytes);
            for (var row = 0; row < values.Length / length; row++)
                CopyTo((int)rows[start + row], values.Slice(row * length, length));
        }
        return features;
    }

    private Tensor Sparse(ReadOnlySpan<long> rows)
    {
        var count = 0;
        foreach (var row in rows)
        {
            var values = Values((int)row);
            count += values.Length - values.Count(0);
        }
        var places = empty(2, count, dtype: int64, device: CPU);
        var numbers = empty(count, dtype: float32, device: CPU);
        var rowOf = MemoryMarshal.Cast<byte, long>(places.bytes)[..count];
        var slotOf = MemoryMarshal.Cast<byte, long>(places.bytes)[count..];
        var valueOf = MemoryMarshal.Cast<byte, float>(numbers.bytes);
        var next = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            var slots = Slots((int)rows[row]);
            var values = Values((int)rows[row]);
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] == 0)
                    continue;
                (rowOf[next], slotOf[next], valueOf[next]) = (row, slots.IsEmpty ? i : slots[i], values[i]);
                next++;
            }
        }
        return sparse_coo_tensor(places, numbers, [rows.Length, width]);
    }

    private int Longest(ReadOnlySpan<long> rows)
    {
        var longest = 0;
        foreach (var row in rows)
            longest = Math.Max(longest, Values((int)row).Length);
        return longest;
    }

    private void CopyTo(int row, Span<float> features)
    {
        var values = Values(row);
        if (vary || values.Length == width)
        {
            values.CopyTo(features);
            features[values.Length..].Fill(float.NaN);
            return;
        }
        features.Clear();
        var slots = Slots(row);
        for (var i = 0; i < slots.Length; i++)
            features[slots[i]] = values[i];
    }

    /// <summary>All values of a dense row, the non-zeros of a sparse one.</summary>
    private ReadOnlySpan<float> Values(int row) => Of(_values, _valueEnds, row);

    /// <summary>The slots of a sparse row's values; none of a dense one.</summary>
    private ReadOnlySpan<int> Slots(int row) => Of(_slots, _slotEnds, row);

    private static ReadOnlySpan<T> Of<T>(T[] array, int[] ends, int row)
    {
        var first = row == 0 ? 0 : ends[row - 1];
        return array.AsSpan(first, ends[row] - first);
    }

    private void AddRow(ReadOnlySpan<float> values, float target, float weight)
    {
        if (Count == _targets.Length)
        {
            var capacity = Math.Max(256, checked(2 * Count));
            Array.Resize(ref _valueEnds, capacity);
            Array.Resize(ref _slotEnds, capacity);
            Array.Resize(ref _targets, capacity);
            if (weighted)
                Array.Resize(ref _weights, capacity);
        }
        Append(ref _values, ref _valueCount, values);
        (_valueEnds[Count], _slotEnds[Count], _targets[Count]) = (_valueCount, _slotCount, target);
        if (weighted)
            _weights[Count] = weight;
        Count++;
    }

    private static void Append<T>(ref T[] array, ref int count, ReadOnlySpan<T> values)
    {
        if (array.Length - count < values.Length)
            Array.Resize(ref array, (int)Math.Max(checked(count + values.Length), Math.Min(2L * Math.Max(count, 128), Array.MaxLength)));
        values.CopyTo(array.AsSpan(count));
        count += values.Length;
    }
}
