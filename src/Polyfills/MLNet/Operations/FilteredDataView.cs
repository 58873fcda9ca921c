namespace Microsoft.ML.Data;

/// <summary>The rows of a source that a filter accepts.</summary>
/// <param name="examined">The columns that the filter looks at.</param>
/// <param name="isShufflable">False where the filter needs the rows in their order.</param>
internal class FilteredDataView(
    IDataView source, IReadOnlyList<DataViewSchema.Column> examined, Func<DataViewRowCursor, IRowFilter> bind, bool isShufflable) : IDataView
{
    public bool CanShuffle => isShufflable && source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Schema.ToActive(columnsNeeded);
        var needed = Schema.ToActive(examined);
        var input = source.GetRowCursor(Schema.Where(c => active[c.Index] || needed[c.Index]), isShufflable ? rand : null);
        return new Cursor(input, active, bind(input));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, IRowFilter filter) : WrappingCursor(input)
    {
        private long _position = -1;

        public override long Position => _position;

        public override DataViewSchema Schema => Input.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => filter.GetterOf(column) is { } getter
            ? RowExtensions.CheckedGetter<TValue>(getter)
            : Input.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            while (Input.MoveNext())
            {
                if (!filter.Accepts())
                    continue;
                _position++;
                return true;
            }
            _position = -1;
            return false;
        }
    }
}
