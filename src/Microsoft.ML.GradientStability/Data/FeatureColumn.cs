using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>A column of features, and where its values stand in a row.</summary>
/// <param name="Column">In the data.</param>
/// <param name="Start">The slot of the first.</param>
/// <param name="Width">Values.</param>
/// <param name="Keys">Different keys where the values are keys; 0 where they are numbers.</param>
internal readonly record struct FeatureColumn(DataViewSchema.Column Column, int Start, int Width, int Keys)
{
    /// <summary>A Single tells whole numbers apart up to here.</summary>
    private const ulong MostKeys = 1 << 24;

    public string Name => Column.Name;

    /// <summary>Whether it is one value, and not a vector.</summary>
    public bool IsScalar => Column.Type is not VectorDataViewType;

    /// <exception cref="ArgumentOutOfRangeException">It has more keys than a network can tell apart.</exception>
    public static FeatureColumn Of(DataViewSchema.Column column, int start)
    {
        var (width, item) = column.Type is VectorDataViewType vector ? (vector.Size, vector.ItemType) : (1, column.Type);
        if (item is not KeyDataViewType keys)
            return new FeatureColumn(column, start, width, 0);
        return keys.Count <= MostKeys ? new FeatureColumn(column, start, width, (int)keys.Count) : throw SchemaMismatch.TooManyFeatureKeys(column.Name, keys.Count, MostKeys);
    }

    /// <summary>The same column in other data; its keys are those of before, whatever the type there says.</summary>
    /// <param name="schema">Of the other data.</param>
    /// <param name="areTokens">Whether it holds tokens, of which keys and their numbers are two forms.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or is not what it was.</exception>
    public FeatureColumn In(DataViewSchema schema, bool areTokens)
    {
        if (schema.GetColumnOrNull(Name) is not { } column)
            throw SchemaMismatch.Missing("feature", Name, [.. schema.Select(c => c.Name)],
                "The network was trained on it: score with the pipeline that was fitted, or append its transforms before the network.");
        var form = ColumnForm.Of(column);
        if (form.Kind != ColumnForm.Of(Column).Kind || !(areTokens ? form.IsKey || form.IsSingle : Keys > 0 ? form.IsKey : form.IsSingle))
            throw Keys == 0 && !IsScalar ? SchemaMismatch.Features(form)
                : SchemaMismatch.Type("feature", Name, Column.Type.ToString()!, column.Type.ToString()!, "The network was trained on that; prepare the data as in training.");
        return IsScalar || ((VectorDataViewType)column.Type).Size == Width ? this with { Column = column }
            : throw SchemaMismatch.Type("feature", Name, $"a vector of {Width} {(Keys > 0 ? "keys" : "Single")}", column.Type.ToString()!,
                "The network was trained on that many features; prepare the data as in training.");
    }

    /// <summary>By number, from 0 in the column, and by name where there is one.</summary>
    /// <param name="slot">In the row.</param>
    public string NameOf(int slot) => NameAt(slot - Start) is { } name ? $"slot {slot - Start} ('{name}')" : $"slot {slot - Start}";

    /// <summary>By name where there is one, otherwise by number.</summary>
    /// <param name="slot">In the row.</param>
    public string ShortNameOf(int slot) => NameAt(slot - Start) ?? $"{slot - Start}";

    private string? NameAt(int place)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        if (Column.HasSlotNames())
            Column.GetSlotNames(ref names);
        return place < names.Length && names.GetItemOrDefault(place) is { IsEmpty: false } name ? name.ToString() : null;
    }
}
