using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

internal sealed class TypedValueMap<TKey, TValue> : ValueMap
    where TKey : notnull
{
    private readonly TKey[] _keys;
    private readonly TValue[] _values;
    private readonly Dictionary<TKey, TValue> _map;

    public TypedValueMap(
        PrimitiveDataViewType keyType, TKey[] keys, PrimitiveDataViewType valueType, TValue[] values, ReadOnlyMemory<char>[]? keyValues)
        : base(keyType, valueType, keyValues)
    {
        (_keys, _values) = (keys, values);
        _map = new(keys.Length, TermComparer.For<TKey>());
        for (var i = 0; i < keys.Length; i++)
            Contracts.Check(_map.TryAdd(keys[i], values[i]), $"Duplicate keys in data '{keys[i]}'");
    }

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column) =>
        column.Type is VectorDataViewType ? VectorGetter(input, column) : ScalarGetter(input, column);

    protected override void SavePairs(BinaryWriter writer)
    {
        DataViewTypeCodec.WriteVBuffer(writer, new VBuffer<TKey>(_keys.Length, _keys));
        DataViewTypeCodec.WriteVBuffer(writer, new VBuffer<TValue>(_values.Length, _values));
    }

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
        VBuffer<TKey> keys = default, dense = default;
        return (ref VBuffer<TValue> destination) =>
        {
            getter(ref keys);
            keys.CopyToDense(ref dense);
            var editor = VBufferEditor.Create(ref destination, dense.Length);
            var source = dense.GetValues();
            for (var i = 0; i < source.Length; i++)
                editor.Values[i] = ValueOf(source[i]);
            destination = editor.Commit();
        };
    }

    /// <summary>An unknown key gives empty text or 0, for real numbers too: officially the empty text is converted to the value's type.</summary>
    private TValue ValueOf(TKey key) => _map.GetValueOrDefault(key)!;
}
