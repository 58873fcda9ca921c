using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>Scores one row at a time; what a prediction engine asks for.</summary>
internal sealed class ScoringRowMapper(DeepNetworkTransformer transformer, DataViewSchema input) : IRowToRowMapper
{
    public DataViewSchema InputSchema => input;

    public DataViewSchema OutputSchema { get; } = transformer.GetOutputSchema(input);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        NeededColumns.Of(dependingColumns, input, transformer).OfInput;

    public DataViewRow GetRow(DataViewRow row, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new ScoringRow(transformer, OutputSchema, row, NeededColumns.Of(activeColumns, input, transformer));
}
