namespace Microsoft.ML.GradientStability;

/// <summary>
/// A window on rows that pass by, epoch after epoch: it fills up, then gives out a row at random for every row that comes in, and where
/// it had one row at most it keeps the order. Once no row of the epoch is left to come in, those of the next take the places that get
/// free, so that only the first epoch waits for the window to fill. Used by one thread.
/// </summary>
internal sealed class RowPool : IDisposable
{
    private readonly IDataView _data;
    private readonly BoundColumns _columns;
    private readonly Func<long, bool> _takes;
    private readonly int _epochs;
    private readonly RowPlaces _features;
    private readonly float[] _targets;
    private readonly float[] _weights;
    private RowReader? _reader;
    private Random? _random;
    private int _epoch;

    // The rows of this epoch fill the pool from one end, those of the next from the other.
    private bool _fromTheEnd;
    private int _count;
    private bool _hasAll;
    private int _nextCount;
    private bool _nextHasAll;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Features, labels and weights in it.</param>
    /// <param name="takes">Whether a row takes part, by its number from 0.</param>
    /// <param name="size">The greatest number of rows in the pool, and what they may take.</param>
    /// <param name="epochs">How many are expected; beyond them nothing is read ahead.</param>
    public RowPool(IDataView data, BoundColumns columns, Func<long, bool> takes, PoolSize size, int epochs)
    {
        (_data, _columns, _takes, _epochs) = (data, columns, takes, epochs);
        _features = RowPlaces.Create(size, columns.Stored);
        var rows = _features.Count;
        _targets = new float[rows];
        _weights = new float[rows];
    }

    /// <summary>Those of its rows.</summary>
    public BoundColumns Columns => _columns;

    /// <summary>Whether the epoch has given out all its rows.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Starts the next epoch, when the one before has given out all its rows.</summary>
    /// <param name="random">Draws the rows; none for the order of the data, from a pool of one row.</param>
    public void Begin(Random? random)
    {
        _random = random;
        _epoch++;
        _fromTheEnd = !_fromTheEnd;
        (_count, _hasAll, _nextCount, _nextHasAll) = (_nextCount, _nextHasAll, 0, false);
    }

    /// <summary>Takes a row out and adds it to others; <see langword="false"/> when all were.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled while rows were read.</exception>
    public bool Take(CachedRows destination, CancellationToken stop = default)
    {
        while (!_hasAll && _count < _targets.Length && HasRoom)
            ReadInto(Place(_count), ref _count, ref _hasAll, stop);
        if (_count == 0)
            return false;
        var place = Place(_random?.Next(_count) ?? 0);
        _features.Take(place, destination, _targets[place], _weights[place]);

        var left = --_count;
        if (!_hasAll && HasRoom)
            ReadInto(place, ref _count, ref _hasAll, stop);
        if (_count == left)
        {
            // The last row fills the gap, and leaves its place to those that come.
            var last = Place(_count);
            _features.Move(last, place);
            (_targets[place], _weights[place]) = (_targets[last], _weights[last]);
            if (_hasAll && _epoch < _epochs && !_nextHasAll && !_features.AreFull)
                ReadInto(_targets.Length - 1 - Place(_nextCount), ref _nextCount, ref _nextHasAll, stop);
        }
        return true;
    }

    public void Dispose() => _reader?.Dispose();

    private int Place(int row) => _fromTheEnd ? _targets.Length - 1 - row : row;

    /// <summary>One row always has.</summary>
    private bool HasRoom => _count == 0 || !_features.AreFull;

    private void ReadInto(int place, ref int count, ref bool hasAll, CancellationToken stop)
    {
        _reader ??= new RowReader(_data, _columns);
        do
        {
            stop.ThrowIfCancellationRequested();
            if (!_reader.MoveNext())
            {
                _reader.Dispose();
                _reader = null;
                hasAll = true;
                return;
            }
        }
        while (!_takes(_reader.Index));
        _features.Put(place, _reader.Stored(in _reader.Read()));
        (_targets[place], _weights[place]) = (_reader.Target, _reader.Weight);
        count++;
    }
}
