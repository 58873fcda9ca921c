using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Collects the distinct values of a column, up to a maximum, in the order of their first occurrence.</summary>
internal abstract class TermMapBuilder
{
    public abstract int Count { get; }

    public static TermMapBuilder Create(DataViewType type, int maximum)
    {
        var itemType = (PrimitiveDataViewType)type.GetItemType();
        return TypedCall.Of<TermMapBuilder>(Create<int>, [itemType.RawType], itemType, maximum);
    }

    /// <summary>One pass over the rows feeds all builders; it ends early when all of them are full.</summary>
    public static void AddRows(IDataView data, DataViewSchema.Column[] columns, TermMapBuilder[] builders)
    {
        using var cursor = data.GetRowCursor(columns);
        var readers = builders.Select((builder, i) => builder.ReaderOf(cursor, cursor.Schema[columns[i].Index])).ToList();
        while (readers.Count > 0 && cursor.MoveNext())
            readers.RemoveAll(addRow => !addRow());
    }

    public abstract void AddAllOf(IDataView keyData);

    public abstract TermMap Build(ValueToKeyMappingEstimator.KeyOrdinality ordinality);

    /// <summary>Adds the values of the current row; false when there is room for no more.</summary>
    protected abstract Func<bool> ReaderOf(DataViewRow row, DataViewSchema.Column column);

    private static TermMapBuilder Create<T>(PrimitiveDataViewType itemType, int maximum)
        where T : notnull => new TermMapBuilder<T>(itemType, maximum);
}

internal sealed class TermMapBuilder<T>(PrimitiveDataViewType itemType, int maximum) : TermMapBuilder
    where T : notnull
{
    private readonly HashSet<T> _seen = new(TermComparer.For<T>());
    private readonly List<T> _terms = [];
    private int _maximum = maximum;

    public override int Count => _terms.Count;

    public override void AddAllOf(IDataView keyData)
    {
        var column = keyData.Schema[0];
        Contracts.CheckParam(column.Type.Equals(itemType), nameof(keyData),
            $"The key data's column must be of type '{itemType}' but is '{column.Type}'");
        _maximum = int.MaxValue;
        AddRows(keyData, [column], [this]);
    }

    public override TermMap Build(ValueToKeyMappingEstimator.KeyOrdinality ordinality)
    {
        if (ordinality == ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            _terms.Sort(TermComparer.Order<T>());
        return new TermMap<T>(itemType, [.. _terms]);
    }

    protected override Func<bool> ReaderOf(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            var vectorGetter = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            return () =>
            {
                vectorGetter(ref vector);
                foreach (var (_, value) in vector.Items(all: true))
                    Add(value);
                return _terms.Count < _maximum;
            };
        }

        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            Add(value);
            return _terms.Count < _maximum;
        };
    }

    private void Add(T value)
    {
        if (_terms.Count == _maximum || TermComparer.IsMissing(value) || _seen.Contains(value))
            return;
        // A row's text lies in a buffer that the next row overwrites.
        var kept = TermComparer.Own(value);
        _seen.Add(kept);
        _terms.Add(kept);
    }
}
