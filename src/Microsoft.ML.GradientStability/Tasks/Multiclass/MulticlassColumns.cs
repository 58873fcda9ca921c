using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// <c>PredictedLabel</c>, a key with the label's values, and <c>Score</c>, the probability of each class; and how far the members of an ensemble are apart
/// in each of these, where that is asked for. Where scores are NaN, as for a row
/// with a feature that is none, the label is missing.
/// </summary>
internal sealed class MulticlassColumns(ClassLabels labels, string? spread) : ScoreColumns
{
    private const string TemporaryName = Own + "PredictedLabel.Name";

    public override IReadOnlyList<string> Names { get; } = spread is null ? [PredictedLabel, Score] : [PredictedLabel, Score, spread];

    public override IReadOnlyList<string> OnnxOutputs { get; } = spread is null ? [Score, PredictedLabel] : [Score, PredictedLabel, spread];

    protected override string Kind => "MulticlassClassification";

    protected override DataViewType TypeOf(string column) =>
        column != PredictedLabel ? new VectorDataViewType(NumberDataViewType.Single, labels.Count) : labels.KeyType;

    protected override void Annotate(string column, AnnotationSink sink)
    {
        if (column != PredictedLabel)
            labels.AddScoreSlots(sink);
        else
            labels.AddKeyValues(sink);
    }

    protected override IEnumerable<SchemaShape.Column> Shape() => spread is null ? ShapeOf<Row>() : ShapeOf<SpreadRow>(nameof(Row.PredictedLabel), nameof(Row.Score), nameof(SpreadRow.Spread));

    public override Delegate Getter(string column, OnnxScorer.Batch batch, RowInBatch current) => column != PredictedLabel
        ? VectorGetter(column, batch, current)
        : (ValueGetter<uint>)((ref uint key) => key = (uint)batch.ClassIndex(current.Index) + 1);

    /// <summary><c>PredictedLabel (index, a vector of one) → index (scalar) → PredictedLabel (key)</c></summary>
    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored)
    {
        var chain = new List<ITransformer>
        {
            context.Transforms.CustomMapping(new PredictedIndexUnwrapper().GetMapping(), PredictedIndexUnwrapper.Contract).Fit(scored),
        };
        chain.AddRange(labels.IndexToLabel(context, PredictedIndexUnwrapper.Index, TemporaryName, PredictedLabel));

        var labelled = chain.Aggregate(scored, (view, transformer) => transformer.Transform(view));
        string[] temporary = labelled.Schema.GetColumnOrNull(TemporaryName) is null
            ? [PredictedIndexUnwrapper.Index]
            : [PredictedIndexUnwrapper.Index, TemporaryName];
        chain.Add(context.Transforms.DropColumns(temporary).Fit(labelled));
        return chain;
    }

    /// <summary><c>PredictedLabel = index + 1</c>, a key: 0 where it is missing</summary>
    public override string WriteOnnx(OnnxGraph graph, string column) => column == PredictedLabel
        ? graph.Add("Cast", [graph.Add("Add", [PredictedLabel, graph.Constant("key.first", [1])], "key.number")], "key", ("to", (int)TensorProto.Types.DataType.Uint32))
        : base.WriteOnnx(graph, column);

    private class Row
    {
        public uint PredictedLabel { get; set; }

        public VBuffer<float> Score { get; set; }
    }

    private sealed class SpreadRow : Row
    {
        public VBuffer<float> Spread { get; set; }
    }
}
