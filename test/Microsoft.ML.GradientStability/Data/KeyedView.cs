using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability.Tests.Data;

/// <summary>A data view whose column of UInt32 or UInt64 is declared to be a key, with what names one likes; nothing checks the values.</summary>
internal sealed class KeyedView : IDataView
{
    private readonly IDataView _rows;

    public KeyedView(IDataView rows, string column, KeyDataViewType type, DataViewSchema.Annotations? annotations = null)
    {
        _rows = rows;
        var builder = new DataViewSchema.Builder();
        foreach (var c in rows.Schema)
            builder.AddColumn(c.Name, c.Name == column ? type : c.Type, c.Name == column ? annotations : c.Annotations);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    /// <summary>Key values of any type, as annotations.</summary>
    public static DataViewSchema.Annotations Named<T>(PrimitiveDataViewType type, params T[] names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add("KeyValues", new VectorDataViewType(type, names.Length), (ref VBuffer<T> value) => new VBuffer<T>(names.Length, names).CopyTo(ref value));
        return builder.ToAnnotations();
    }

    public long? GetRowCount() => _rows.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(_rows.GetRowCursor(columnsNeeded.Select(c => _rows.Schema[c.Index])), Schema);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor rows, DataViewSchema schema) : DataViewRowCursor
    {
        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override DataViewSchema Schema => schema;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => rows.GetGetter<TValue>(rows.Schema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(rows.Schema[column.Index]);

        public override bool MoveNext() => rows.MoveNext();

        protected override void Dispose(bool disposing) => rows.Dispose();
    }
}
