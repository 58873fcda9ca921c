namespace Microsoft.ML.Data;

/// <summary>A run of the rows of a source.</summary>
internal sealed class RowRangeDataView(IDataView source, long skip, long take) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => take == 0 ? 0 : source.GetRowCount() is { } count ? Math.Clamp(count - skip, 0, take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, long skip, long take) : WrappingCursor(input)
    {
        private long _toSkip = skip;
        private long _position = -1;
        private bool _ended;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => Input.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            var hasRow = !_ended && _position + 1 < take;
            for (; hasRow && _toSkip > 0; _toSkip--)
                hasRow = Input.MoveNext();
            hasRow = hasRow && Input.MoveNext();
            _position = hasRow ? _position + 1 : -1;
            _ended = !hasRow;
            return hasRow;
        }
    }
}
