using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An object of a class as a row.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow where TRow : class
{
    private readonly Delegate[] _getters;
    private TRow? _current;
    private long _position = -1;

    public ObjectRow(InternalSchemaDefinition definition)
    {
        Schema = definition.ToSchema();
        _getters = [.. definition.Columns.Select(column => TypedRowWriter<TRow>.CreateGetter(column, () => _current!))];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    public void MoveTo(TRow row)
    {
        _current = row;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        RowExtensions.CheckedGetter<TValue>(_getters[column.Index]);
}
