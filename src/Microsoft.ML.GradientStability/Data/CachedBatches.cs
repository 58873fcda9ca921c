using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Batches of rows that are held as tensors. A batch is gathered by one native call a column; the order is a permutation of row
/// numbers that only it reads.
/// </summary>
internal sealed class CachedBatches : BatchSource
{
    private readonly Tensor _features;
    private readonly Tensor _targets;
    private readonly Tensor? _weights;
    private readonly Tensor _order;
    private readonly int _batchSize;
    private readonly long _count;
    private long _next;

    /// <param name="rows">All rows.</param>
    /// <param name="members">The numbers of the rows that take part.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="targetType">The type of the targets.</param>
    /// <param name="weightScale">A factor on the weights.</param>
    public CachedBatches(CachedRows rows, long[] members, int batchSize, ScalarType targetType, double weightScale = 1)
    {
        _batchSize = batchSize;
        _count = BatchesOf(members.Length, batchSize);
        Rows = members.Length;
        using var scope = NewDisposeScope();
        var index = tensor(members, device: CPU);
        _features = Select(rows.Features, [rows.Count, rows.Width]).DetachFromDisposeScope();
        _targets = Select(rows.Targets, [rows.Count]).to(targetType).DetachFromDisposeScope();
        _weights = rows.Weights is { } weights ? Scaled(Select(weights, [rows.Count])).DetachFromDisposeScope() : null;
        _order = arange(members.Length, dtype: int64, device: CPU).DetachFromDisposeScope();

        Tensor Select(ReadOnlyMemory<float> values, long[] shape) =>
            tensor(MemoryMarshal.AsMemory(values), shape, device: CPU).index_select(0, index);

        // In double, because the factor itself can be beyond Single.
        Tensor Scaled(Tensor weights) => (weights.to(float64) * weightScale).to(float32);
    }

    public override long Rows { get; }

    public override long Batches => _count;

    public override void Begin(Random? shuffle)
    {
        _next = 0;
        var order = MemoryMarshal.Cast<byte, long>(_order.bytes);
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
        batch = new Batch(_features.index_select(0, index), _targets.index_select(0, index), _weights?.index_select(0, index));
        return true;
    }

    public override void Dispose()
    {
        _features.Dispose();
        _targets.Dispose();
        _weights?.Dispose();
        _order.Dispose();
    }
}
