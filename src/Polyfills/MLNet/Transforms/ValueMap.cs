using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>A table from values to values. Where its values are keys, their texts are the key values.</summary>
internal abstract class ValueMap
{
    private readonly ReadOnlyMemory<char>[]? _keyValues;

    protected ValueMap(PrimitiveDataViewType keyType, PrimitiveDataViewType valueType, ReadOnlyMemory<char>[]? keyValues)
    {
        (KeyType, ValueType, _keyValues) = (keyType, valueType, keyValues);
        var annotations = new DataViewSchema.Annotations.Builder();
        if (keyValues is not null)
        {
            var texts = new VBuffer<ReadOnlyMemory<char>>(keyValues.Length, keyValues);
            annotations.AddKeyValues(texts.Length, TextDataViewType.Instance,
                (ref VBuffer<ReadOnlyMemory<char>> values) => texts.CopyTo(ref values));
        }
        ValueAnnotations = annotations.ToAnnotations();
    }

    public PrimitiveDataViewType KeyType { get; }

    public PrimitiveDataViewType ValueType { get; }

    public DataViewSchema.Annotations ValueAnnotations { get; }

    public static ValueMap Create<TKey, TValue>(KeyValuePair<TKey, TValue>[] pairs, bool treatValuesAsKeyType)
    {
        var keyType = TypeOf(typeof(TKey));
        var valueType = TypeOf(typeof(TValue));
        var keys = Raw([.. pairs.Select(pair => pair.Key)]);
        TValue[] values = [.. pairs.Select(pair => pair.Value)];
        if (!treatValuesAsKeyType)
            return Create(keyType, keys, valueType, Raw(values), null);

        // UInt32 and UInt64 values are keys as they stand; others are numbered from 1 in the order of their first occurrence.
        TValue[] distinct = [.. values.Distinct()];
        ReadOnlyMemory<char>[] texts = [.. distinct.Select(value => value!.ToString().AsMemory())];
        if (values is uint[] or ulong[])
            return Create(keyType, keys, new KeyDataViewType(typeof(TValue), texts.Length), values, texts);
        var numbers = distinct.Index().ToDictionary(pair => (object)pair.Item!, pair => (uint)pair.Index + 1);
        uint[] indices = [.. values.Select(value => numbers[value!])];
        return Create(keyType, keys, new KeyDataViewType(typeof(uint), texts.Length), indices, texts);
    }

    public static ValueMap Load(BinaryReader reader)
    {
        var keyType = (PrimitiveDataViewType)DataViewTypeCodec.ReadType(reader);
        var valueType = (PrimitiveDataViewType)DataViewTypeCodec.ReadType(reader);
        var keyValues = valueType is KeyDataViewType ? ReadArray<ReadOnlyMemory<char>>(reader) : null;
        var keys = TypedCall.Of<Array>(ReadArray<int>, [keyType.RawType], reader);
        var values = TypedCall.Of<Array>(ReadArray<int>, [valueType.RawType], reader);
        return Create(keyType, keys, valueType, values, keyValues);
    }

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);

    public void Save(BinaryWriter writer)
    {
        DataViewTypeCodec.WriteType(writer, KeyType);
        DataViewTypeCodec.WriteType(writer, ValueType);
        if (_keyValues is not null)
            DataViewTypeCodec.WriteVBuffer(writer, new VBuffer<ReadOnlyMemory<char>>(_keyValues.Length, _keyValues));
        SavePairs(writer);
    }

    protected abstract void SavePairs(BinaryWriter writer);

    private static T[] ReadArray<T>(BinaryReader reader) => [.. DataViewTypeCodec.ReadVBuffer<T>(reader).DenseValues()];

    private static ValueMap Create(
        PrimitiveDataViewType keyType, Array keys, PrimitiveDataViewType valueType, Array values, ReadOnlyMemory<char>[]? keyValues) =>
        TypedCall.Of<ValueMap>(Typed<int, int>, [keyType.RawType, valueType.RawType], keyType, keys, valueType, values, keyValues);

    private static ValueMap Typed<TKey, TValue>(
        PrimitiveDataViewType keyType, TKey[] keys, PrimitiveDataViewType valueType, TValue[] values, ReadOnlyMemory<char>[]? keyValues)
        where TKey : notnull => new TypedValueMap<TKey, TValue>(keyType, keys, valueType, values, keyValues);

    private static PrimitiveDataViewType TypeOf(Type type) => DataViewTypeExtensions.TryGetPrimitiveType(type, out var result)
        ? result
        : throw Contracts.Except($"Unsupported type {type} used in mapping.");

    private static Array Raw<T>(T[] values) => values is string[] texts ? Array.ConvertAll(texts, text => text.AsMemory()) : values;
}
