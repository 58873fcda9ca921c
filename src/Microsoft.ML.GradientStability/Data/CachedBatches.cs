using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Batches of rows in memory. Dense rows are held as tensors, and a batch is gathered from them; of sparse rows, and of rows of different
/// lengths, it is made from where they lie. The order is a permutation of row numbers that only it reads.
/// </summary>
internal sealed class CachedBatches : BatchSource
{
    private readonly CachedRows _rows;
    private readonly long[] _members;
    private readonly Tensor? _features;
    private readonly Tensor _targets;
    private readonly Tensor? _weights;
    private readonly Tensor _order;
    private readonly int _batchSize;
    private readonly bool _sparse;
    private readonly long _count;
    private long _next;

    /// <param name="rows">All rows.</param>
    /// <param name="members">The numbers of the rows that take part.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="targetType">The type of the targets.</param>
    /// <param name="weightScale">A factor on the weights.</param>
    /// <param name="sparse">Whether features are sparse tensors.</param>
    public CachedBatches(CachedRows rows, long[] members, int batchSize, ScalarType targetType, double weightScale = 1, bool sparse = false)
    {
        (_rows, _members, _batchSize) = (rows, members, batchSize);
        _count = BatchesOf(members.Length, batchSize);
        Rows = members.Length;
        using var scope = NewDisposeScope();
        var index = tensor(members, device: CPU);
        _sparse = sparse;
        _features = sparse || rows.Vary ? null : rows.Features(members, sparse: false).DetachFromDisposeScope();
        _targets = Select(rows.Targets).to(targetType).DetachFromDisposeScope();
        _weights = rows.Weights is { } weights ? Scaled(Select(weights)).DetachFromDisposeScope() : null;
        _order = arange(members.Length, dtype: int64, device: CPU).DetachFromDisposeScope();

        Tensor Select(ReadOnlyMemory<float> values) => tensor(MemoryMarshal.AsMemory(values), [rows.Count], device: CPU).index_select(0, index);

        // In double, because the factor itself can be beyond Single.
        Tensor Scaled(Tensor weights) => (weights.to(float64) * weightScale).to(float32);
    }

    public override long Rows { get; }

    public override long Batches => _count;

    public override void Begin(Random? shuffle)
    {
        _next = 0;
        var order = Numbers(_order);
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        shuffle?.Shuffle(order);
    }

    public override bool Next(out Batch batch)
    {
        batch = default;
        if (_next == _count)
            return false;
        var start = _next * _batchSize;
        var index = _order.narrow(0, start, ++_next == _count ? Rows - start : _batchSize);
        batch = _rows.Parted(new Batch(_features is null ? Gathered(Numbers(index)) : Dense(Numbers(index)), _targets.index_select(0, index), _weights?.index_select(0, index)));
        return true;
    }

    public override IReadOnlyList<long> LastRows(int batches)
    {
        var start = (int)(Math.Max(0, _next - batches) * _batchSize);
        var end = (int)(_next == _count ? Rows : _next * _batchSize);
        var rows = Numbers(_order)[start..end].ToArray();
        for (var i = 0; i < rows.Length; i++)
            rows[i] = _members[rows[i]];
        return rows;
    }

    public override void Dispose()
    {
        _features?.Dispose();
        _targets.Dispose();
        _weights?.Dispose();
        _order.Dispose();
    }

    /// <summary>Row by row: LibTorch would take several threads for it.</summary>
    private unsafe Tensor Dense(ReadOnlySpan<long> members)
    {
        var width = (int)_features!.shape[1];
        var features = empty(members.Length, width, dtype: float32, device: CPU);
        var rows = MemoryMarshal.Cast<byte, float>(features.bytes);
        // All rows together may be more than a span holds.
        using var first = _features.narrow(0, 0, 1);
        fixed (float* start = MemoryMarshal.Cast<byte, float>(first.bytes))
        {
            for (var row = 0; row < members.Length; row++)
                new ReadOnlySpan<float>(start + (nint)members[row] * width, width).CopyTo(rows.Slice(row * width, width));
        }
        return features;
    }

    private Tensor Gathered(ReadOnlySpan<long> members)
    {
        var rows = new long[members.Length];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = _members[members[i]];
        return _rows.Features(rows, _sparse);
    }

    private static Span<long> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.bytes);
}
