using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Draws the rows of a cursor from a pool of them. The values of a pooled row stand in place until it has been drawn.</summary>
internal sealed class ShuffledCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly Random _random;
    private readonly PooledColumn?[] _columns;
    private readonly PooledColumn<DataViewRowId> _ids;
    // A ring of the rows that may be drawn, which begins at the head; each entry says where in the pool the row stands.
    private readonly int[] _ring;
    private int _head;
    private int _live;
    private int _current = -1;
    private bool _inputEnded;
    private long _position = -1;

    public ShuffledCursor(DataViewRowCursor input, int poolSize, Random random)
    {
        (_input, _random) = (input, random);
        _ring = [.. Enumerable.Range(0, poolSize)];
        _columns = [.. input.Schema.Select(column => input.IsColumnActive(column) ? PooledColumn.Create(input, column, poolSize) : null)];
        _ids = new PooledScalars<DataViewRowId>(input.GetIdGetter(), poolSize);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _input.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns[column.Index] is not null;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Getter(_ids);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var pooled = _columns[column.Index];
        Contracts.CheckParam(pooled is not null, nameof(column), "requested column not active");
        return Getter(pooled as PooledColumn<TValue> ?? throw Contracts.Except(
            $"Invalid TValue: '{typeof(TValue)}', expected type: '{column.Type.RawType}'."));
    }

    public override bool MoveNext()
    {
        Refill();
        if (_live == 0)
        {
            (_current, _position) = (-1, -1);
            return false;
        }
        var drawn = (_random.Next(_live) + _head) % _ring.Length;
        (_ring[drawn], _ring[_head]) = (_ring[_head], _ring[drawn]);
        _current = _ring[_head];
        _position++;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
    }

    // The row drawn last leaves the ring at its head, which is also where its end is, so a new row takes its entry.
    private void Refill()
    {
        if (_current >= 0)
        {
            _head = (_head + 1) % _ring.Length;
            _live--;
        }
        while (_live < _ring.Length && !_inputEnded)
        {
            if (TryFill(_ring[(_head + _live) % _ring.Length]))
                _live++;
            else
                _inputEnded = true;
        }
    }

    private bool TryFill(int place)
    {
        try
        {
            if (!_input.MoveNext())
                return false;
            foreach (var column in _columns)
                column?.Fill(place);
            _ids.Fill(place);
            return true;
        }
        catch (Exception e)
        {
            throw Contracts.Except("Shuffle input cursor reader failed with an exception", e);
        }
    }

    private ValueGetter<T> Getter<T>(PooledColumn<T> pooled) => (ref T dst) =>
    {
        Contracts.Check(_current >= 0, "The cursor does not stand on a row.");
        pooled.Fetch(_current, ref dst);
    };
}
