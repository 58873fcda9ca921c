using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary><c>Score</c>, a vector of the predicted numbers, one a step, in the unit of the label.</summary>
/// <param name="steps">Of a row; <see langword="null"/> where rows have different lengths, and so the vector.</param>
internal sealed class SequenceRegressionColumns(int? steps) : ScoreColumns
{
    public override IReadOnlyList<string> Names { get; } = [Score];

    public override IReadOnlyList<string> OnnxOutputs { get; } = [Score];

    public override bool AreOfSteps => true;

    protected override string Kind => "Regression";

    protected override DataViewType TypeOf(string column) => new VectorDataViewType(NumberDataViewType.Single, steps ?? 0);

    protected override IEnumerable<SchemaShape.Column> Shape() => ShapeOf<Row>();

    public override Delegate Getter(string column, OnnxScorer.Batch batch, RowInBatch current) => VectorGetter(Score, batch, current);

    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored) => [];

    private sealed class Row
    {
        public VBuffer<float> Score { get; set; }
    }
}
