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
    private readonly int _poolRows;
    private readonly ScalarType _targetType;
    private readonly int _epochs;
    private readonly double _weightScale;
    private readonly Cancellation _cancellation;
    private BatchReader? _reader;
    private bool _shuffles;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Features, labels and weights in it.</param>
    /// <param name="takes">Whether a row takes part, by its number from 0.</param>
    /// <param name="rows">How many do.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="poolRows">Rows of the shuffle pool.</param>
    /// <param name="targetType">The type of the targets.</param>
    /// <param name="cancellation">Looked at while rows are waited for.</param>
    /// <param name="epochs">How many are expected; rows of the next are read while one ends.</param>
    /// <param name="weightScale">A factor on the weights.</param>
    public StreamedBatches(IDataView data, BoundColumns columns, Func<long, bool> takes, long rows, int batchSize, int poolRows,
        ScalarType targetType, Cancellation cancellation, int epochs = 1, double weightScale = 1)
    {
        (_data, _columns, _takes, _batchSize, _poolRows) = (data, columns, takes, batchSize, poolRows);
        (_targetType, _cancellation, _epochs, _weightScale) = (targetType, cancellation, epochs, weightScale);
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
            var pool = new RowPool(_data, _columns, _takes, shuffles ? _poolRows : 1, shuffles ? _epochs : 1);
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
        batch = new Batch(
            tensor(rows.Features.AsMemory(0, rows.Count * _columns.Width), [rows.Count, _columns.Width], device: CPU),
            tensor(rows.Targets.AsMemory(0, rows.Count), [rows.Count], device: CPU).to(_targetType),
            _columns.Weight is null ? null : (tensor(rows.Weights.AsMemory(0, rows.Count), [rows.Count], device: CPU).to(float64) * _weightScale).to(float32));
        _reader.Return(rows);
        return true;
    }

    public override void Dispose() => _reader?.Dispose();
}
