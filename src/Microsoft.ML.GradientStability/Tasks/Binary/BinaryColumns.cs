using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// <c>PredictedLabel</c> (Boolean), <c>Score</c> (the logit) and <c>Probability</c> (of the positive class), and how far the members of an ensemble are apart in
/// that, where it is asked for. A Boolean is never missing: where
/// the others are NaN it is <see langword="false"/>, as ML.NET's own trainers have it.
/// </summary>
internal sealed class BinaryColumns(string? spread) : ScoreColumns
{
    public const string Probability = "Probability";

    public override IReadOnlyList<string> Names { get; } = spread is null ? [PredictedLabel, Score, Probability] : [PredictedLabel, Score, Probability, spread];

    public override IReadOnlyList<string> OnnxOutputs { get; } = spread is null ? [Score, Probability] : [Score, Probability, spread];

    protected override string Kind => "BinaryClassification";

    protected override DataViewType TypeOf(string column) => column == PredictedLabel ? BooleanDataViewType.Instance : NumberDataViewType.Single;

    protected override void Annotate(string column, AnnotationSink sink)
    {
        if (column == Probability)
            sink.AddScalar("IsNormalized", BooleanDataViewType.Instance, true);
    }

    protected override IEnumerable<SchemaShape.Column> Shape() => spread is null ? ShapeOf<Row>()
        : ShapeOf<SpreadRow>(nameof(Row.PredictedLabel), nameof(Row.Score), nameof(Row.Probability), nameof(SpreadRow.Spread));

    public override Delegate Getter(string column, OnnxScorer.Batch batch, RowInBatch current) => column == PredictedLabel
        ? (ValueGetter<bool>)((ref bool label) => label = batch.Values(Score, current.Index)[0] > 0)
        : (ValueGetter<float>)((ref float value) => value = batch.Values(column, current.Index)[0]);

    /// <summary><c>Score, Probability (vectors of one) → Score, Probability, PredictedLabel (scalars)</c>, and the spread likewise</summary>
    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored) =>
        WithSpread(context, scored, context.Transforms.CustomMapping(new BinaryUnwrapper().GetMapping(), BinaryUnwrapper.Contract).Fit(scored), spread);

    /// <summary><c>PredictedLabel = Score &gt; 0</c></summary>
    public override string WriteOnnx(OnnxGraph graph, string column) =>
        column == PredictedLabel ? graph.Add("Greater", [Score, graph.Constant("threshold", 0f)], "label") : base.WriteOnnx(graph, column);

    private class Row
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class SpreadRow : Row
    {
        public float Spread { get; set; }
    }
}
