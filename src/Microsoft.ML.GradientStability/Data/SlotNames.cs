using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Slots of a feature column in words: by number, from 0, and by name where the column has names.</summary>
internal static class SlotNames
{
    public static IEnumerable<string> Of(DataViewSchema.Column features, IEnumerable<int> slots)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        if (features.HasSlotNames())
            features.GetSlotNames(ref names);
        foreach (var slot in slots)
            yield return slot < names.Length && names.GetItemOrDefault(slot) is { IsEmpty: false } name ? $"slot {slot} ('{name}')" : $"slot {slot}";
    }
}
