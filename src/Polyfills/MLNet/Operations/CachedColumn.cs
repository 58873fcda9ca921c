namespace Microsoft.ML.Data;

/// <summary>The values of a column, row by row.</summary>
internal abstract class CachedColumn
{
    public static CachedColumn Create(DataViewRow row, DataViewSchema.Column column) => column.Type is VectorDataViewType vector
        ? TypedCall.Of<CachedColumn>(Vectors<int>, [vector.ItemType.RawType], row, column)
        : TypedCall.Of<CachedColumn>(Scalars<int>, [column.Type.RawType], row, column);

    public abstract void AddCurrent();

    public abstract Delegate MakeGetter(Func<int> row);

    private static CachedScalars<T> Scalars<T>(DataViewRow row, DataViewSchema.Column column) => new(row.GetGetter<T>(column));

    private static CachedVectors<T> Vectors<T>(DataViewRow row, DataViewSchema.Column column) => new(row.GetGetter<VBuffer<T>>(column));
}

internal sealed class CachedScalars<T>(ValueGetter<T> getter) : CachedColumn
{
    private readonly ChunkedList<T> _values = new();
    private T _current = default!;

    public override void AddCurrent()
    {
        getter(ref _current);
        _values.Add(new ReadOnlySpan<T>(in _current));
    }

    public override Delegate MakeGetter(Func<int> row) => (ValueGetter<T>)((ref T dst) => dst = _values[row()]);
}

internal sealed class CachedVectors<T>(ValueGetter<VBuffer<T>> getter) : CachedColumn
{
    private readonly ChunkedList<T> _values = new();
    private readonly ChunkedList<int> _indices = new();
    private readonly ChunkedList<(long FirstValue, long FirstIndex, int Count, int Length)> _rows = new();
    private VBuffer<T> _current;

    public override void AddCurrent()
    {
        getter(ref _current);
        var values = _current.GetValues();
        var row = (_values.Count, _indices.Count, values.Length, _current.Length);
        _rows.Add(new ReadOnlySpan<(long, long, int, int)>(in row));
        _values.Add(values);
        _indices.Add(_current.GetIndices());
    }

    public override Delegate MakeGetter(Func<int> row) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> dst) =>
    {
        var (firstValue, firstIndex, count, length) = _rows[row()];
        var editor = VBufferEditor.Create(ref dst, length, count);
        _values.CopyTo(firstValue, editor.Values);
        _indices.CopyTo(firstIndex, editor.Indices);
        dst = editor.Commit();
    });
}
