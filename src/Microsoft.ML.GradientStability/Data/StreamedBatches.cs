using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Batches of rows that are read anew every epoch, in constant memory. A thread reads ahead: it keeps a pool of rows, gives a row out
/// at random for every row it reads in, and fills a few batches before they are asked for.
/// </summary>
internal sealed class StreamedBatches : BatchSource
{
    private const int BatchesAhead = 4;

    private readonly IDataView _data;
    private readonly BoundColumns _columns;
    private readonly Func<long, bool> _takes;
    private readonly int _batchSize;
    private readonly PoolSize _poolSize;
    private readonly bool _sparse;
    private readonly ScalarType _targetType;
    private readonly int _epochs;
    private readonly double _weightScale;
    private readonly Cancellation _cancellation;
    private BatchReader? _reader;
    private long[] _numbers = [];
    private bool _shuffles;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Features, labels and weights in it.</param>
    /// <param name="takes">Whether a row takes part, by its number from 0.</param>
    /// <param name="rows">How many do.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="poolSize">Of the shuffle pool.</param>
    /// <param name="targetType">The type of the targets.</param>
    /// <param name="cancellation">Looked at while rows are waited for.</param>
    /// <param name="epochs">How many are expected; rows of the next are read while one ends.</param>
    /// <param name="weightScale">A factor on the weights.</param>
    /// <param name="sparse">Whether features are sparse tensors.</param>
    public StreamedBatches(IDataView data, BoundColumns columns, Func<long, bool> takes, long rows, int batchSize, PoolSize poolSize,
        ScalarType targetType, Cancellation cancellation, int epochs = 1, double weightScale = 1, bool sparse = false)
    {
        (_data, _columns, _takes, _batchSize, _poolSize) = (data, columns, takes, batchSize, poolSize);
        (_targetType, _cancellation, _epochs, _weightScale, _sparse) = (targetType, cancellation, epochs, weightScale, sparse);
        Rows = rows;
    }

    public override long Rows { get; }

    public override long Batches => BatchesOf(Rows, _batchSize);

    public override void Begin(Random? shuffle)
    {
        var shuffles = shuffle is not null;
        if (_reader is null || !_reader.AtEnd || shuffles != _shuffles)
        {
            _reader?.Dispose();
            var pool = new RowPool(_data, _columns, _takes, shuffles ? _poolSize : _poolSize with { Rows = 1 }, shuffles ? _epochs : 1);
            _reader = new BatchReader(pool, Rows, Batches, _batchSize, BatchesAhead, _cancellation);
            _shuffles = shuffles;
        }
        _reader.Begin(shuffle);
    }

    public override bool Next(out Batch batch)
    {
        batch = default;
        if (_reader!.Take() is not { } rows)
            return false;
        if (_numbers.Length < rows.Count)
            _numbers = [.. Enumerable.Range(0, rows.Count).Select(row => (long)row)];
        batch = rows.Parted(new Batch(
            rows.Features(_numbers.AsSpan(0, rows.Count), _sparse),
            tensor(MemoryMarshal.AsMemory(rows.Targets), [rows.Count], device: CPU).to(_targetType),
            _columns.Weight is null ? null : (tensor(MemoryMarshal.AsMemory(rows.Weights!.Value), [rows.Count], device: CPU).to(float64) * _weightScale).to(float32)));
        _reader.Return(rows);
        return true;
    }

    public override void Dispose() => _reader?.Dispose();
}
