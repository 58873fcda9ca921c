using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Data with the row of a network over several columns added as one vector of Single, each slot called as its column.</summary>
internal sealed class JoinedView : IDataView
{
    private readonly IDataView _source;
    private readonly FeatureColumns _features;

    /// <param name="source">Data with the feature columns.</param>
    /// <param name="features">Those, in it.</param>
    public JoinedView(IDataView source, FeatureColumns features)
    {
        (_source, _features) = (source, features);
        var builder = new DataViewSchema.Builder();
        foreach (var column in source.Schema)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        var names = new DataViewSchema.Annotations.Builder();
        names.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, features.Width), GetNames);
        builder.AddColumn(FeatureColumns.JoinedName, features.Type, names.ToAnnotations());
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _source.CanShuffle;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = columnsNeeded.Select(column => column.Index).ToHashSet();
        var joins = active.Contains(_source.Schema.Count);
        var needed = active.Where(index => index < _source.Schema.Count).Concat(joins ? _features.Read.Select(column => column.Index) : []).Distinct();
        return new Cursor(this, _source.GetRowCursor([.. needed.Select(index => _source.Schema[index])], rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private void GetNames(ref VBuffer<ReadOnlyMemory<char>> names)
    {
        var editor = VBufferEditor.Create(ref names, _features.Width);
        for (var slot = 0; slot < _features.Width; slot++)
            editor.Values[slot] = _features.SlotName(slot).AsMemory();
        names = editor.Commit();
    }

    private sealed class Cursor(JoinedView view, DataViewRowCursor source, HashSet<int> active) : DataViewRowCursor
    {
        public override DataViewSchema Schema => view.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext() => source.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => column.Index < source.Schema.Count
            ? source.GetGetter<TValue>(source.Schema[column.Index])
            : view._features.Getter(source) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}; it cannot be read as {typeof(TValue)}.");

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }
    }
}
