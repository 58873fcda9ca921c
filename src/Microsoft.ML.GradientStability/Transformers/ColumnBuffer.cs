using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The values of one input column for a batch of rows, read ahead. Vectors keep their buffers from batch to batch.
/// </summary>
internal abstract class ColumnBuffer
{
    public static ColumnBuffer Create(DataViewRow input, DataViewSchema.Column column, int rows)
    {
        var (buffer, value) = column.Type is VectorDataViewType vector
            ? (typeof(OfVectors<>), vector.ItemType.RawType)
            : (typeof(OfScalars<>), column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(buffer.MakeGenericType(value), input, column, rows)!;
    }

    /// <summary>Keeps the value of the input's current row.</summary>
    public abstract void Read(int row);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the current row of the batch.</summary>
    public abstract Delegate Getter(RowInBatch current);

    private sealed class OfScalars<T>(DataViewRow input, DataViewSchema.Column column, int rows) : ColumnBuffer
    {
        private readonly ValueGetter<T> _read = input.GetGetter<T>(column);
        private readonly T[] _values = new T[rows];

        public override void Read(int row) => _read(ref _values[row]);

        public override Delegate Getter(RowInBatch current) => (ValueGetter<T>)((ref T value) => value = _values[current.Index]);
    }

    private sealed class OfVectors<T>(DataViewRow input, DataViewSchema.Column column, int rows) : ColumnBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _read = input.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _values = new VBuffer<T>[rows];

        public override void Read(int row) => _read(ref _values[row]);

        public override Delegate Getter(RowInBatch current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[current.Index].CopyTo(ref value));
    }
}
