using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Data with the columns of a deep network added; scored while a cursor moves over it.</summary>
internal sealed class ScoredDataView(DeepNetworkTransformer transformer, IDataView input) : IDataView
{
    public DataViewSchema Schema { get; } = transformer.GetOutputSchema(input.Schema);

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = NeededColumns.Of(columnsNeeded, input.Schema, transformer);
        return Cursor(input.GetRowCursor(needed.OfInput, rand), needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = NeededColumns.Of(columnsNeeded, input.Schema, transformer);
        return [.. input.GetRowCursorSet(needed.OfInput, n, rand).Select(cursor => Cursor(cursor, needed))];
    }

    private DataViewRowCursor Cursor(DataViewRowCursor source, NeededColumns needed) => new ScoringCursor(transformer, Schema, source, needed);
}
