using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Vectors with a slot for each key that says whether, or how often, the key is there. A missing key leaves every slot zero.</summary>
internal static class KeyIndicators
{
    public static DataViewSchema.Annotations Annotations(DataViewSchema.Column source, VectorDataViewType type, bool counts)
    {
        var isScalar = source.Type is not VectorDataViewType;
        var annotations = new DataViewSchema.Annotations.Builder();
        if (source.HasKeyValues() && type.IsKnownSize)
        {
            annotations.AddSlotNames(type.Size, (ref VBuffer<ReadOnlyMemory<char>> names) =>
            {
                if (counts || isScalar)
                    source.GetKeyValues(ref names);
                else
                    names = SlotNames(source, type.Size);
            });
        }
        if (!counts && source.Type.GetValueCount() is > 0 and var values)
        {
            var ranges = SlotRanges(values, type.Size / values);
            annotations.Add(AnnotationNames.CategoricalSlotRanges, new VectorDataViewType(NumberDataViewType.Int32, values, 2),
                (ref VBuffer<int> dst) => ranges.CopyTo(ref dst));
        }
        if (!counts || isScalar)
            annotations.AddIsNormalized();
        return annotations.ToAnnotations();
    }

    public static Delegate MakeGetter<TKey>(DataViewRow input, DataViewSchema.Column source, bool counts)
    {
        var keys = (int)source.Type.GetItemType().GetKeyCount();
        if (source.Type is not VectorDataViewType vector)
            return ScalarGetter(input.GetGetter<TKey>(source), keys);
        var getter = input.GetGetter<VBuffer<TKey>>(source);
        ValueGetter<VBuffer<TKey>> checkedGetter = (ref VBuffer<TKey> dst) =>
        {
            getter(ref dst);
            Contracts.Check(!vector.IsKnownSize || dst.Length == vector.Size,
                $"Column '{source.Name}': expected {vector.Size} slots, but got {dst.Length}");
        };
        return counts ? BagGetter(checkedGetter, keys) : IndicatorGetter(checkedGetter, keys);
    }

    private static ValueGetter<VBuffer<float>> ScalarGetter<TKey>(ValueGetter<TKey> getter, int keys)
    {
        TKey key = default!;
        return (ref VBuffer<float> destination) =>
        {
            getter(ref key);
            var index = KeyIndex.Of(key) - 1;
            var isKnown = index < (ulong)keys;
            var editor = VBufferEditor.Create(ref destination, keys, isKnown ? 1 : 0, requireIndicesOnDense: true);
            if (isKnown)
                (editor.Values[0], editor.Indices[0]) = (1, (int)index);
            destination = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<float>> IndicatorGetter<TKey>(ValueGetter<VBuffer<TKey>> getter, int keys)
    {
        VBuffer<TKey> row = default;
        return (ref VBuffer<float> destination) =>
        {
            getter(ref row);
            var values = row.GetValues();
            var slots = row.GetIndices();
            var count = 0;
            var editor = VBufferEditor.Create(ref destination, checked(row.Length * keys), values.Length, requireIndicesOnDense: true);
            for (var i = 0; i < values.Length; i++)
            {
                var index = KeyIndex.Of(values[i]) - 1;
                if (index >= (ulong)keys)
                    continue;
                editor.Values[count] = 1;
                editor.Indices[count++] = (row.IsDense ? i : slots[i]) * keys + (int)index;
            }
            destination = editor.CommitTruncated(count);
        };
    }

    private static ValueGetter<VBuffer<float>> BagGetter<TKey>(ValueGetter<VBuffer<TKey>> getter, int keys)
    {
        VBuffer<TKey> row = default;
        return (ref VBuffer<float> destination) =>
        {
            getter(ref row);
            var editor = VBufferEditor.Create(ref destination, keys, requireIndicesOnDense: true);
            var distinct = 0;
            editor.Values.Clear();
            foreach (var key in row.GetValues())
            {
                var index = KeyIndex.Of(key) - 1;
                if (index < (ulong)keys && editor.Values[(int)index]++ == 0)
                    distinct++;
            }
            destination = editor.CommitPacked(distinct);
        };
    }

    // 'slot.key', a slot without a name by its number in brackets.
    private static VBuffer<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column source, int size)
    {
        VBuffer<ReadOnlyMemory<char>> keys = default, slots = default;
        source.GetKeyValues(ref keys);
        if (source.HasSlotNames())
            source.GetSlotNames(ref slots);
        var names = new ReadOnlyMemory<char>[size];
        for (var i = 0; i < size; i++)
        {
            var slot = i / keys.Length;
            var name = slots.Length > 0 ? slots.GetItemOrDefault(slot) : default;
            names[i] = $"{(name.IsEmpty ? $"[{slot}]" : name)}.{keys.GetItemOrDefault(i % keys.Length)}".AsMemory();
        }
        return new(size, names);
    }

    private static VBuffer<int> SlotRanges(int values, int keys) =>
        new(2 * values, [.. Enumerable.Range(0, values).SelectMany(i => new[] { i * keys, (i + 1) * keys - 1 })]);
}
