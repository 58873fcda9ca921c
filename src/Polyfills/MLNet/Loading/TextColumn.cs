namespace Microsoft.ML.Data;

/// <summary>A column of a text file's view and the ranges of fields that make it up.</summary>
internal sealed record TextColumn(string Name, DataViewType Type, (int Min, int Lim)[] Segments)
{
    public int Lim => Segments.Max(s => s.Lim);
}
