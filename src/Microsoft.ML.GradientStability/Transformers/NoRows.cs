using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Data with feature columns, and nothing else: enough for transformers that learn nothing of rows. Keys are UInt32.</summary>
internal sealed class NoRows : IDataView
{
    /// <param name="features">The columns.</param>
    public NoRows(FeatureColumns features)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var part in features.All)
        {
            PrimitiveDataViewType item = part.Keys > 0 ? new KeyDataViewType(typeof(uint), part.Keys) : NumberDataViewType.Single;
            builder.AddColumn(part.Name, part.IsScalar ? item : new VectorDataViewType(item, ((VectorDataViewType)part.Column.Type).Dimensions));
        }
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => 0;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(Schema);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewSchema schema) : DataViewRowCursor
    {
        public override DataViewSchema Schema => schema;

        public override long Position => -1;

        public override long Batch => 0;

        public override bool MoveNext() => false;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId _) => { };

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ref TValue _) => { };
    }
}
