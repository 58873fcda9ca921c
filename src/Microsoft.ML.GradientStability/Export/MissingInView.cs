using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Data in which a column of Single or Double is missing in every row: NaN in all its slots.</summary>
internal sealed class MissingInView(IDataView source, string missing) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), Schema[missing]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Whether a column can be missing in this way.</summary>
    public static bool CanMiss(DataViewSchema.Column column) => column.Type.RawType == typeof(float) || column.Type.RawType == typeof(double)
        || column.Type is VectorDataViewType { Size: > 0, ItemType: NumberDataViewType { RawType: var item } } && (item == typeof(float) || item == typeof(double));

    private sealed class Cursor(DataViewRowCursor source, DataViewSchema.Column missing) : DataViewRowCursor
    {
        public override DataViewSchema Schema => source.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext() => source.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index != missing.Index)
                return source.GetGetter<TValue>(column);
            var width = column.Type is VectorDataViewType vector ? vector.Size : 1;
            Delegate getter = default(TValue) switch
            {
                float => (ValueGetter<float>)((ref float value) => value = float.NaN),
                double => (ValueGetter<double>)((ref double value) => value = double.NaN),
                VBuffer<float> => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => value = new VBuffer<float>(width, [.. Enumerable.Repeat(float.NaN, width)])),
                _ => (ValueGetter<VBuffer<double>>)((ref VBuffer<double> value) => value = new VBuffer<double>(width, [.. Enumerable.Repeat(double.NaN, width)])),
            };
            return (ValueGetter<TValue>)getter;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }
    }
}
