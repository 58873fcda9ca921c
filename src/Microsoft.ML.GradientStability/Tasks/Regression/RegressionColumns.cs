using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary><c>Score</c>, the predicted number, in the unit of the label.</summary>
internal sealed class RegressionColumns : ScoreColumns
{
    public override IReadOnlyList<string> Names { get; } = [Score];

    public override IReadOnlyList<string> OnnxOutputs { get; } = [Score];

    protected override string Kind => "Regression";

    protected override DataViewType TypeOf(string column) => NumberDataViewType.Single;

    protected override IEnumerable<SchemaShape.Column> Shape() => ShapeOf<Row>();

    public override Delegate Getter(string column, OnnxScorer.Batch batch, RowInBatch current) =>
        (ValueGetter<float>)((ref float value) => value = batch.Values(Score, current.Index)[0]);

    /// <summary><c>Score (a vector of one) → Score (a scalar)</c></summary>
    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored) =>
        [context.Transforms.CustomMapping(new RegressionUnwrapper().GetMapping(), RegressionUnwrapper.Contract).Fit(scored)];

    private sealed class Row
    {
        public float Score { get; set; }
    }
}
