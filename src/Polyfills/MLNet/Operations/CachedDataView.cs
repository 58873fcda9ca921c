using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a source in memory. A column is read when it is first asked for, and only once.</summary>
internal sealed class CachedDataView(IDataView source) : IDataView
{
    private readonly Lock _lock = new();
    private readonly CachedColumn?[] _columns = new CachedColumn?[source.Schema.Count];
    private int? _rows;

    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => _rows ?? source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Schema.ToActive(columnsNeeded);
        var rows = Fetch(Schema.Where(column => active[column.Index]));
        return new Cursor(Schema, [.. _columns.Select((column, i) => active[i] ? column : null)], rows, rand?.NextPermutation(rows));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Reads the columns that are not yet in memory, and says how many rows there are.</summary>
    public int Fetch(IEnumerable<DataViewSchema.Column> columns)
    {
        lock (_lock)
        {
            var missing = columns.Where(column => _columns[column.Index] is null).ToArray();
            if (missing.Length == 0 && _rows is { } known)
                return known;
            var rows = 0;
            using var cursor = source.GetRowCursor(missing);
            var filled = missing.Select(column => CachedColumn.Create(cursor, cursor.Schema[column.Index])).ToArray();
            for (; cursor.MoveNext(); rows = checked(rows + 1))
            {
                foreach (var column in filled)
                    column.AddCurrent();
            }
            for (var i = 0; i < missing.Length; i++)
                _columns[missing[i].Index] = filled[i];
            _rows ??= rows;
            return _rows.Value;
        }
    }

    private sealed class Cursor(DataViewSchema schema, CachedColumn?[] columns, int rows, int[]? order) : DataViewRowCursor
    {
        private int _position = -1;
        private bool _ended;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => columns[column.Index] is not null;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)Row(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            RowExtensions.CheckedGetter<TValue>(columns[column.Index]?.MakeGetter(Row));

        public override bool MoveNext()
        {
            _ended |= _position + 1 >= rows;
            _position = _ended ? -1 : _position + 1;
            return !_ended;
        }

        private int Row()
        {
            Contracts.Check(_position >= 0, "The cursor does not stand on a row.");
            return order?[_position] ?? _position;
        }
    }
}
