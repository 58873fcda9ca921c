using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The objects of a sequence as rows; the sequence is enumerated anew by each cursor.</summary>
internal sealed class EnumerableDataView<TRow>(IEnumerable<TRow> data, InternalSchemaDefinition definition) : IDataView
    where TRow : class
{
    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = definition.ToSchema();

    public long? GetRowCount() => (data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(Schema, data.GetEnumerator(), definition, Schema.ToActive(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly IEnumerator<TRow> _rows;
        private readonly Delegate?[] _getters;
        private TRow? _current;
        private long _position = -1;
        private bool _ended;

        public Cursor(DataViewSchema schema, IEnumerator<TRow> rows, InternalSchemaDefinition definition, bool[] active)
        {
            (Schema, _rows) = (schema, rows);
            _getters = new Delegate?[active.Length];
            for (var i = 0; i < active.Length; i++)
                if (active[i])
                    _getters[i] = TypedRowWriter<TRow>.CreateGetter(definition.Columns[i], Current);
        }

        public override DataViewSchema Schema { get; }

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_ended || !_rows.MoveNext())
            {
                (_ended, _current, _position) = (true, null, -1);
                return false;
            }
            _current = _rows.Current ?? throw Contracts.Except("Encountered null when iterating over data, this is not supported.");
            _position++;
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            Current();
            id = new((ulong)_position, 0);
        };

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            return RowExtensions.CheckedGetter<TValue>(_getters[column.Index]);
        }

        protected override void Dispose(bool disposing)
        {
            if (!disposing)
                return;
            (_ended, _current, _position) = (true, null, -1);
            _rows.Dispose();
        }

        private TRow Current() => _current ?? throw Contracts.Except("The cursor does not stand on a row.");
    }
}
