using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The values of a column in the order of their keys.</summary>
internal abstract class TermMap(PrimitiveDataViewType itemType, int count)
{
    public PrimitiveDataViewType ItemType { get; } = itemType;

    public int Count { get; } = count;

    // A key type has at least one value.
    public KeyDataViewType KeyType { get; } = new(typeof(uint), Math.Max(count, 1));

    public static TermMap Load(BinaryReader reader)
    {
        var itemType = (PrimitiveDataViewType)DataViewTypeCodec.ReadType(reader);
        return TypedCall.Of<TermMap>(Load<int>, [itemType.RawType], itemType, reader);
    }

    public abstract void Save(BinaryWriter writer);

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, bool asText);

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column);

    public abstract IEnumerable<string> TermsAsText();

    private static TermMap Load<T>(PrimitiveDataViewType itemType, BinaryReader reader)
        where T : notnull => new TermMap<T>(itemType, [.. DataViewTypeCodec.ReadVBuffer<T>(reader).DenseValues()]);
}

internal sealed class TermMap<T> : TermMap
    where T : notnull
{
    private readonly T[] _terms;
    private readonly Dictionary<T, uint> _keys;

    public TermMap(PrimitiveDataViewType itemType, T[] terms)
        : base(itemType, terms.Length)
    {
        _terms = terms;
        _keys = new(terms.Length, TermComparer.For<T>());
        for (var i = 0; i < terms.Length; i++)
            _keys.Add(terms[i], (uint)i + 1);
    }

    public override void Save(BinaryWriter writer)
    {
        DataViewTypeCodec.WriteType(writer, ItemType);
        DataViewTypeCodec.WriteVBuffer(writer, new VBuffer<T>(_terms.Length, _terms));
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, bool asText)
    {
        if (!asText || ItemType is TextDataViewType)
        {
            annotations.AddKeyValues(Count, ItemType, (ref VBuffer<T> values) => new VBuffer<T>(Count, _terms).CopyTo(ref values));
            return;
        }

        var texts = TermsAsText().Select(term => term.AsMemory()).ToArray();
        annotations.AddKeyValues(Count, TextDataViewType.Instance,
            (ref VBuffer<ReadOnlyMemory<char>> values) => new VBuffer<ReadOnlyMemory<char>>(Count, texts).CopyTo(ref values));
    }

    public override IEnumerable<string> TermsAsText() => _terms.Select(term => term switch
    {
        bool flag => flag ? "1" : "0",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => term.ToString()!,
    });

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column column) =>
        column.Type is VectorDataViewType ? VectorGetter(input, column) : ScalarGetter(input, column);

    private ValueGetter<uint> ScalarGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var getter = input.GetGetter<T>(column);
        T value = default!;
        return (ref uint key) =>
        {
            getter(ref value);
            _keys.TryGetValue(value, out key);
        };
    }

    private ValueGetter<VBuffer<uint>> VectorGetter(DataViewRow input, DataViewSchema.Column column)
    {
        var getter = input.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        return (ref VBuffer<uint> destination) =>
        {
            getter(ref vector);
            var editor = VBufferEditor.Create(ref destination, vector.Length, requireIndicesOnDense: true);
            var values = vector.GetValues();
            var indices = vector.GetIndices();
            if (!vector.IsDense)
                editor.Values.Fill(_keys.GetValueOrDefault(default!));
            for (var i = 0; i < values.Length; i++)
                editor.Values[vector.IsDense ? i : indices[i]] = _keys.GetValueOrDefault(values[i]);
            destination = editor.CommitPacked(vector.Length - editor.Values.Count(0u));
        };
    }
}
