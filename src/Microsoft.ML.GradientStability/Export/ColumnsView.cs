using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Some columns of data, under an end that ML.NET's converter does not look behind: what it walks back through are views of its own kind. Vectors of an unknown size, which it has no
/// form of, are said to have one of <see cref="StandInSize"/>: what it writes for single values is right for any.
/// </summary>
internal sealed class ColumnsView : IDataView
{
    private const int StandInSize = 3;

    private readonly IDataView _source;
    private readonly DataViewSchema.Column[] _columns;

    /// <param name="source">Data with all of the columns.</param>
    /// <param name="names">Their names.</param>
    public ColumnsView(IDataView source, IEnumerable<string> names)
    {
        (_source, _columns) = (source, [.. names.Select(name => source.Schema[name])]);
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns)
            builder.AddColumn(column.Name, column.Type is VectorDataViewType { IsKnownSize: false } vector ? new VectorDataViewType(vector.ItemType, StandInSize) : column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = columnsNeeded.Select(column => column.Index).ToHashSet();
        return new Cursor(this, _source.GetRowCursor([.. active.Select(index => _columns[index])]), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ColumnsView view, DataViewRowCursor source, HashSet<int> active) : DataViewRowCursor
    {
        public override DataViewSchema Schema => view.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext() => source.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(view._columns[column.Index]);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }
    }
}
