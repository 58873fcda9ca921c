using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Some columns of a schema, seen as a schema of their own.</summary>
internal sealed class ColumnSelection
{
    private readonly DataViewSchema _inputSchema;
    private readonly DataViewSchema.Column[] _sources;

    public ColumnSelection(DataViewSchema inputSchema, DataViewSchema.Column[] sources)
    {
        _inputSchema = inputSchema;
        _sources = sources;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(sources.Select(column => new DataViewSchema.DetachedColumn(column)));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema.Column SourceOf(DataViewSchema.Column output) => _sources[output.Index];

    public IEnumerable<DataViewSchema.Column> SourcesOf(IEnumerable<DataViewSchema.Column> outputs)
    {
        var needed = outputs.Select(output => SourceOf(output).Index).ToHashSet();
        return _inputSchema.Where(column => needed.Contains(column.Index));
    }
}
