using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Slot names and the normalized flag of concatenated columns.</summary>
internal static class ConcatenatedAnnotations
{
    public static DataViewSchema.Annotations Of(DataViewSchema.Column[] columns, VectorDataViewType type)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (type.ItemType is NumberDataViewType && columns.All(column => column.IsNormalized()))
            annotations.AddIsNormalized();
        if (type.IsKnownSize && columns.Any(column => column.Type is not VectorDataViewType || column.HasSlotNames()))
            annotations.AddSlotNames(type.Size, (ref VBuffer<ReadOnlyMemory<char>> names) => names = SlotNames(columns, type.Size));
        return annotations.ToAnnotations();
    }

    // A scalar's slot is named after its column, a vector's slot 'column.slot'.
    private static VBuffer<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column[] columns, int size)
    {
        var names = new ReadOnlyMemory<char>[size];
        var first = 0;
        foreach (var column in columns)
        {
            if (column.Type is not VectorDataViewType)
            {
                names[first] = column.Name.AsMemory();
            }
            else if (column.HasSlotNames())
            {
                var own = default(VBuffer<ReadOnlyMemory<char>>);
                column.GetSlotNames(ref own);
                foreach (var (slot, name) in own.Items())
                {
                    if (!name.IsEmpty)
                        names[first + slot] = $"{column.Name}.{name}".AsMemory();
                }
            }
            first += column.Type.GetValueCount();
        }
        return new(size, names);
    }
}
