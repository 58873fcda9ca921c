using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>The columns beside the one that a network reads by itself, as it knows them after it was fitted: they stand before it in a row, numbers first.</summary>
/// <param name="Numbers">Values that are numbers.</param>
/// <param name="Keys">Columns of keys.</param>
internal sealed record BesideColumns(int Numbers, ImmutableArray<KeyColumn> Keys)
{
    /// <summary>Values of a row before those of the column.</summary>
    [JsonIgnore]
    public int Slots => Numbers + Keys.Sum(column => column.Slots);

    /// <summary>Whether it can be what a fit set.</summary>
    [JsonIgnore]
    public bool IsWhole => Numbers >= 0 && !Keys.IsDefault && Keys.All(column => column is { Name: not null, Slots: >= 1, Keys: >= 1 }) && Slots > 0;

    /// <summary>Those of a column; <see langword="null"/> where it stands alone.</summary>
    public static BesideColumns? Of(ColumnShape column) => column.Beside.Count == 0 ? null : new(
        column.Beside.Where(part => part.Keys == 0).Sum(part => part.Width),
        [.. column.Beside.Where(part => part.Keys > 0).Select(part => new KeyColumn(part.Name, part.Width, part.Keys))]);

    public bool Equals(BesideColumns? other) => other is not null && Numbers == other.Numbers && Keys.AsSpan().SequenceEqual(other.Keys.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Numbers, Keys.Length);
}
