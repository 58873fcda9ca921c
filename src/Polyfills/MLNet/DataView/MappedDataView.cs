using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view of a source with the columns of a mapper added, computed when asked for.</summary>
internal sealed class MappedDataView(IDataView source, RowMapper mapper) : IDataView, IRowToRowMapper
{
    private readonly ColumnBindings _bindings = new(source.Schema, mapper.OutputColumns);

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => _bindings.Schema;

    DataViewSchema IRowToRowMapper.InputSchema => source.Schema;

    DataViewSchema IRowToRowMapper.OutputSchema => Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Schema.ToActive(columnsNeeded);
        return new Cursor(source.GetRowCursor(Dependencies(active), rand), new MappedColumns(_bindings, mapper, active));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = Schema.ToActive(columnsNeeded);
        return [.. source.GetRowCursorSet(Dependencies(active), n, rand)
            .Select(input => new Cursor(input, new MappedColumns(_bindings, mapper, active)))];
    }

    IEnumerable<DataViewSchema.Column> IRowToRowMapper.GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Dependencies(Schema.ToActive(dependingColumns));

    DataViewRow IRowToRowMapper.GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.Check(input.Schema == source.Schema, "Schema of input row must be the same as the schema the mapper is bound to");
        return new Row(input, new MappedColumns(_bindings, mapper, Schema.ToActive(activeColumns)));
    }

    private DataViewSchema.Column[] Dependencies(bool[] active)
    {
        var needed = new bool[source.Schema.Count];
        for (var column = 0; column < active.Length; column++)
        {
            if (!active[column])
                continue;
            if (_bindings.IsSource(column, out var index))
                needed[index] = true;
            else
                mapper.MarkDependencies(index, needed);
        }
        return [.. source.Schema.Where(column => needed[column.Index])];
    }

    private sealed class Cursor : WrappingCursor
    {
        private readonly MappedColumns _columns;

        public Cursor(DataViewRowCursor input, MappedColumns columns)
            : base(input) => (_columns = columns).Bind(input);

        public override DataViewSchema Schema => _columns.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(Input, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _columns.Release();
            base.Dispose(disposing);
        }
    }

    private sealed class Row : WrappingRow
    {
        private readonly MappedColumns _columns;

        public Row(DataViewRow input, MappedColumns columns)
            : base(input) => (_columns = columns).Bind(input);

        public override DataViewSchema Schema => _columns.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(Input, column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _columns.Release();
            base.Dispose(disposing);
        }
    }
}
