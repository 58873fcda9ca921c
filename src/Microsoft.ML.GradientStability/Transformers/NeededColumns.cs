namespace Microsoft.ML.GradientStability;

/// <summary>
/// Which columns a reader of scored data asked for, and which of the input's it takes to serve them. Input columns keep their index
/// in the output; ours come after them.
/// </summary>
internal sealed record NeededColumns(bool[] Active, IReadOnlyList<DataViewSchema.Column> OfInput, bool Scores)
{
    public static NeededColumns Of(IEnumerable<DataViewSchema.Column> asked, DataViewSchema input, DeepNetworkTransformer transformer)
    {
        var active = new bool[input.Count + transformer.Objective.Columns.Names.Count];
        foreach (var column in asked)
            active[column.Index] = true;

        var scores = active.AsSpan(input.Count).Contains(true);
        var features = transformer.Features.In(input).Read.Select(column => column.Index).ToHashSet();
        return new NeededColumns(active, [.. input.Where(c => active[c.Index] || scores && features.Contains(c.Index))], scores);
    }
}
