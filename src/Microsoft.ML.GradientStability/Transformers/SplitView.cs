using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Data with the row of a network over several columns, as <see cref="JoinedView"/> has it, whose feature columns are those that the row says.</summary>
internal sealed class SplitView : IDataView
{
    private readonly IDataView _source;
    private readonly DataViewSchema.Column _joined;
    private readonly FeatureColumns _features;

    /// <param name="source">Data with the row.</param>
    /// <param name="features">The columns of the row, as they were in training.</param>
    public SplitView(IDataView source, FeatureColumns features)
    {
        (_source, _features, _joined) = (source, features, source.Schema[FeatureColumns.JoinedName]);
        var builder = new DataViewSchema.Builder();
        foreach (var column in source.Schema)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        foreach (var part in features.All)
            builder.AddColumn(part.Name, part.Column.Type, part.Column.Annotations);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = columnsNeeded.Select(column => column.Index).ToHashSet();
        var needed = active.Select(index => index < _source.Schema.Count ? _source.Schema[index] : _joined).Distinct();
        return new Cursor(this, _source.GetRowCursor(needed, rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(SplitView view, DataViewRowCursor source, HashSet<int> active) : DataViewRowCursor
    {
        public override DataViewSchema Schema => view.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext() => source.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index < view._source.Schema.Count)
                return source.GetGetter<TValue>(view._source.Schema[column.Index]);
            return Part(view._features.All[column.Index - view._source.Schema.Count]) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}; it cannot be read as {typeof(TValue)}.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }

        private Delegate Part(FeatureColumn part) => (part.Column.Type is VectorDataViewType vector ? vector.ItemType : part.Column.Type).RawType switch
        {
            var raw when raw == typeof(byte) => Part<byte>(part),
            var raw when raw == typeof(ushort) => Part<ushort>(part),
            var raw when raw == typeof(uint) => Part<uint>(part),
            var raw when raw == typeof(ulong) => Part<ulong>(part),
            _ => Part<float>(part),
        };

        private Delegate Part<T>(FeatureColumn part) where T : struct, INumber<T>
        {
            var read = source.GetGetter<VBuffer<float>>(view._joined);
            var row = default(VBuffer<float>);
            if (part.IsScalar)
                return (ValueGetter<T>)((ref T value) =>
                {
                    read(ref row);
                    value = T.CreateChecked(row.GetItemOrDefault(part.Start));
                });
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> values) =>
            {
                read(ref row);
                var editor = VBufferEditor.Create(ref values, part.Width);
                for (var i = 0; i < part.Width; i++)
                    editor.Values[i] = T.CreateChecked(row.GetItemOrDefault(part.Start + i));
                values = editor.Commit();
            });
        }
    }
}
