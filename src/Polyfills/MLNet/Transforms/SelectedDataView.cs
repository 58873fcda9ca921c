using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The rows of another data view with some of their columns.</summary>
internal sealed class SelectedDataView(IDataView source, ColumnSelection selection) : IDataView, IRowToRowMapper
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => selection.OutputSchema;

    public DataViewSchema InputSchema => source.Schema;

    public DataViewSchema OutputSchema => selection.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return new Cursor(source.GetRowCursor(selection.SourcesOf(columns), rand), selection, columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return [.. source.GetRowCursorSet(selection.SourcesOf(columns), n, rand).Select(input => new Cursor(input, selection, columns))];
    }

    IEnumerable<DataViewSchema.Column> IRowToRowMapper.GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        selection.SourcesOf(dependingColumns);

    DataViewRow IRowToRowMapper.GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(input, selection);

    private sealed class Cursor(DataViewRowCursor input, ColumnSelection selection, DataViewSchema.Column[] active) : WrappingCursor(input)
    {
        private readonly DataViewRowCursor _input = input;
        private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];

        public override DataViewSchema Schema => selection.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            _input.GetGetter<TValue>(selection.SourceOf(column));
    }

    private sealed class Row(DataViewRow input, ColumnSelection selection) : WrappingRow(input)
    {
        private readonly DataViewRow _input = input;

        public override DataViewSchema Schema => selection.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _input.IsColumnActive(selection.SourceOf(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            _input.GetGetter<TValue>(selection.SourceOf(column));
    }
}
