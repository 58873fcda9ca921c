using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

/// <summary>Accepts rows without a missing value in some columns.</summary>
internal sealed class MissingValueFilter(MissingValueFilter.Value[] values, DataViewSchema.Column[] columns) : IRowFilter
{
    public static IDataView Apply(IDataView input, string[] names)
    {
        DataViewSchema.Column[] columns = [.. names.Select(name => input.Schema.TryGetColumn(name, out var column)
            ? column
            : throw Contracts.ExceptParam(nameof(columns), $"Source column '{name}' not found"))];
        for (var i = 0; i < columns.Length; i++)
        {
            Contracts.CheckParam(Array.IndexOf(names, names[i]) == i, nameof(columns), $"Source column '{names[i]}' specified multiple times");
            Contracts.CheckParam(MissingValues.CanHold(columns[i].Type.GetItemType()), nameof(columns),
                $"Column '{names[i]}' has type {columns[i].Type} which does not support missing values, so we cannot filter on them");
        }
        return new FilteredDataView(input, columns,
            cursor => new MissingValueFilter([.. columns.Select(column => Bind(cursor, column))], columns), isShufflable: true);
    }

    public bool Accepts()
    {
        foreach (var value in values)
            if (value.FetchIsMissing())
                return false;
        return true;
    }

    public Delegate? GetterOf(DataViewSchema.Column column)
    {
        var i = Array.FindIndex(columns, c => c.Index == column.Index);
        return i < 0 ? null : values[i].Getter;
    }

    private static Value Bind(DataViewRow row, DataViewSchema.Column column) => column.Type is VectorDataViewType vector
        ? TypedCall.Of<Value>(BindVector<float>, [vector.ItemType.RawType], row, column)
        : TypedCall.Of<Value>(BindScalar<float>, [column.Type.RawType], row, column);

    private static ScalarValue<T> BindScalar<T>(DataViewRow row, DataViewSchema.Column column) => new(row.GetGetter<T>(column));

    private static VectorValue<T> BindVector<T>(DataViewRow row, DataViewSchema.Column column) => new(row.GetGetter<VBuffer<T>>(column));

    /// <summary>The value of a column in the current row.</summary>
    internal abstract class Value
    {
        public abstract Delegate Getter { get; }

        public abstract bool FetchIsMissing();
    }

    private sealed class ScalarValue<T>(ValueGetter<T> source) : Value
    {
        private T _value = default!;

        public override Delegate Getter => (ValueGetter<T>)((ref T dst) => dst = _value);

        public override bool FetchIsMissing()
        {
            source(ref _value);
            return MissingValues.IsMissing(in _value);
        }
    }

    private sealed class VectorValue<T>(ValueGetter<VBuffer<T>> source) : Value
    {
        private VBuffer<T> _value;

        public override Delegate Getter => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> dst) => _value.CopyTo(ref dst));

        public override bool FetchIsMissing()
        {
            source(ref _value);
            // What a sparse vector leaves out is missing where the default is.
            if (!_value.IsDense && MissingValues.IsMissing<T>(default!))
                return true;
            foreach (ref readonly var item in _value.GetValues())
                if (MissingValues.IsMissing(in item))
                    return true;
            return false;
        }
    }
}
