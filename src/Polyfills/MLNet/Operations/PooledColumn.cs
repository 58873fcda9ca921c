namespace Microsoft.ML.Data;

/// <summary>The values of a column in the rows of a pool.</summary>
internal abstract class PooledColumn
{
    public static PooledColumn Create(DataViewRow row, DataViewSchema.Column column, int size) => column.Type is VectorDataViewType vector
        ? TypedCall.Of<PooledColumn>(Vectors<int>, [vector.ItemType.RawType], row, column, size)
        : TypedCall.Of<PooledColumn>(Scalars<int>, [column.Type.RawType], row, column, size);

    public abstract void Fill(int place);

    private static PooledScalars<T> Scalars<T>(DataViewRow row, DataViewSchema.Column column, int size) => new(row.GetGetter<T>(column), size);

    private static PooledVectors<T> Vectors<T>(DataViewRow row, DataViewSchema.Column column, int size) =>
        new(row.GetGetter<VBuffer<T>>(column), size);
}

internal abstract class PooledColumn<T>(ValueGetter<T> getter, int size) : PooledColumn
{
    protected T[] Values { get; } = new T[size];

    public sealed override void Fill(int place) => getter(ref Values[place]);

    public abstract void Fetch(int place, ref T destination);
}

internal sealed class PooledScalars<T>(ValueGetter<T> getter, int size) : PooledColumn<T>(getter, size)
{
    public override void Fetch(int place, ref T destination) => destination = Values[place];
}

internal sealed class PooledVectors<T>(ValueGetter<VBuffer<T>> getter, int size) : PooledColumn<VBuffer<T>>(getter, size)
{
    public override void Fetch(int place, ref VBuffer<T> destination) => Values[place].CopyTo(ref destination);
}
