using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Rows as tensors, dealt out in batches: shuffled anew for every epoch of training, in order for judging.
/// A batch is gathered by one native call; the order is a permutation of row numbers that only it reads.
/// </summary>
internal sealed class BatchTensors : IDisposable
{
    private readonly Tensor _features;
    private readonly Tensor _labels;
    private readonly Tensor _order;
    private readonly int _batchSize;

    /// <param name="rows">All rows.</param>
    /// <param name="members">The numbers of the rows that take part.</param>
    /// <param name="batchSize">
    /// Rows a batch; the last may be smaller. A single row left over joins the batch before: batch normalization needs two.
    /// </param>
    public BatchTensors(LabeledRows rows, long[] members, int batchSize)
    {
        _batchSize = batchSize;
        Rows = members.Length;
        Count = batchSize == 1 ? Rows : Math.Max(1, (Rows - 1 + batchSize - 1) / batchSize);
        using var scope = NewDisposeScope();
        var index = tensor(members);
        _features = tensor(rows.Features, [rows.Count, rows.Width]).index_select(0, index).DetachFromDisposeScope();
        _labels = tensor(rows.Labels).index_select(0, index).DetachFromDisposeScope();
        _order = arange(members.Length, dtype: int64).DetachFromDisposeScope();
    }

    public int Rows { get; }

    /// <summary>Batches an epoch.</summary>
    public int Count { get; }

    /// <summary>Fisher and Yates.</summary>
    public void Shuffle(Random random) => random.Shuffle(MemoryMarshal.Cast<byte, long>(_order.bytes));

    /// <summary>Features (rows × width) and classes (rows) of a batch; the caller's dispose scope owns them.</summary>
    public (Tensor Features, Tensor Labels) this[int batch]
    {
        get
        {
            var start = (long)batch * _batchSize;
            var index = _order.narrow(0, start, batch == Count - 1 ? Rows - start : _batchSize);
            return (_features.index_select(0, index), _labels.index_select(0, index));
        }
    }

    public void Dispose()
    {
        _features.Dispose();
        _labels.Dispose();
        _order.Dispose();
    }
}
