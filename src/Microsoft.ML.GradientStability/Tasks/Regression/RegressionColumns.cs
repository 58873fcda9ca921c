using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary><c>Score</c>, the predicted number, in the unit of the label, and how far the members of an ensemble are apart, where that is asked for.</summary>
internal sealed class RegressionColumns(string? spread) : ScoreColumns
{
    public override IReadOnlyList<string> Names { get; } = spread is null ? [Score] : [Score, spread];

    public override IReadOnlyList<string> OnnxOutputs => Names;

    protected override string Kind => "Regression";

    protected override DataViewType TypeOf(string column) => NumberDataViewType.Single;

    protected override IEnumerable<SchemaShape.Column> Shape() => spread is null ? ShapeOf<Row>() : ShapeOf<SpreadRow>(nameof(Row.Score), nameof(SpreadRow.Spread));

    public override Delegate Getter(string column, OnnxScorer.Batch batch, RowInBatch current) =>
        (ValueGetter<float>)((ref float value) => value = batch.Values(column, current.Index)[0]);

    /// <summary><c>Score (a vector of one) → Score (a scalar)</c>, and the spread likewise</summary>
    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored) =>
        WithSpread(context, scored, context.Transforms.CustomMapping(new RegressionUnwrapper().GetMapping(), RegressionUnwrapper.Contract).Fit(scored), spread);

    private class Row
    {
        public float Score { get; set; }
    }

    private sealed class SpreadRow : Row
    {
        public float Spread { get; set; }
    }
}
