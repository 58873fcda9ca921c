using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

internal interface IKeyValues
{
    PrimitiveDataViewType ValueType { get; }

    Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);
}

/// <summary>The values that keys stand for. A missing key, or one out of range, stands for the type's missing value.</summary>
internal sealed class KeyValues<TKey, TValue>(PrimitiveDataViewType valueType, TValue[] values) : IKeyValues
{
    private readonly TValue _missing = Conversions.NA<TValue>();

    public PrimitiveDataViewType ValueType => valueType;

    public Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column) =>
        column.Type is VectorDataViewType ? VectorGetter(input, column) : ScalarGetter(input, column);

    private ValueGetter<TValue> ScalarGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var getter = input.GetGetter<TKey>(column);
        TKey key = default!;
        return (ref TValue value) =>
        {
            getter(ref key);
            value = ValueOf(key);
        };
    }

    private ValueGetter<VBuffer<TValue>> VectorGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var getter = input.GetGetter<VBuffer<TKey>>(column);
        VBuffer<TKey> keys = default;
        return (ref VBuffer<TValue> destination) =>
        {
            getter(ref keys);
            var editor = VBufferEditor.Create(ref destination, keys.Length);
            var source = keys.GetValues();
            var indices = keys.GetIndices();
            if (!keys.IsDense)
                editor.Values.Fill(_missing);
            for (var i = 0; i < source.Length; i++)
                editor.Values[keys.IsDense ? i : indices[i]] = ValueOf(source[i]);
            destination = editor.Commit();
        };
    }

    private TValue ValueOf(TKey key)
    {
        var index = KeyIndex.Of(key) - 1;
        return index < (ulong)values.Length ? values[index] : _missing;
    }
}
