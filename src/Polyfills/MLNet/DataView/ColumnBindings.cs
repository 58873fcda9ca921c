namespace Microsoft.ML.Data;

/// <summary>
/// Where the columns of a mapped view come from. A column of a new name goes to the end, one of a used name directly after the
/// last column of that name, which it hides.
/// </summary>
internal sealed class ColumnBindings
{
    // The index of the source column, or the complement of the index of the added one.
    private readonly int[] _map;
    private readonly int[] _added;

    public ColumnBindings(DataViewSchema source, DataViewSchema.DetachedColumn[] added)
    {
        Source = source;
        var map = Enumerable.Range(0, source.Count).ToList();
        string NameOf(int column) => column >= 0 ? source[column].Name : added[~column].Name;
        for (var i = 0; i < added.Length; i++)
        {
            var last = map.FindLastIndex(column => NameOf(column) == added[i].Name);
            map.Insert(last >= 0 ? last + 1 : map.Count, ~i);
        }
        _map = [.. map];
        _added = [.. Enumerable.Range(0, added.Length).Select(i => map.IndexOf(~i))];
        Schema = map.Select(column => column >= 0 ? new DataViewSchema.DetachedColumn(source[column]) : added[~column]).ToSchema();
    }

    public DataViewSchema Source { get; }

    public DataViewSchema Schema { get; }

    /// <summary>The index in <see cref="Schema"/> of an added column.</summary>
    public int OutputIndex(int added) => _added[added];

    /// <summary>The source column that stands at an index of <see cref="Schema"/>; otherwise the added one.</summary>
    public bool IsSource(int column, out int index)
    {
        var mapped = _map[column];
        index = mapped >= 0 ? mapped : ~mapped;
        return mapped >= 0;
    }
}
