using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// <c>PredictedLabel</c>, a vector of keys with the label's values, one a step, and <c>Score</c>, the probability of each class, step behind step: a vector
/// of steps × classes. Where a row has a feature that is no number, all labels are missing.
/// </summary>
/// <param name="labels">The classes.</param>
/// <param name="steps">Of a row; <see langword="null"/> where rows have different lengths, and so these vectors.</param>
internal sealed class SequenceMulticlassColumns(ClassLabels labels, int? steps) : ScoreColumns
{
    private const string TemporaryName = Own + "PredictedLabel.Names";
    private const string TemporaryIndex = Own + "PredictedLabel.Indexes";

    public override IReadOnlyList<string> Names { get; } = [PredictedLabel, Score];

    public override IReadOnlyList<string> OnnxOutputs { get; } = [Score, PredictedLabel];

    public override bool AreOfSteps => true;

    protected override string Kind => "MulticlassClassification";

    protected override DataViewType TypeOf(string column) =>
        column == PredictedLabel ? new VectorDataViewType(labels.KeyType, steps ?? 0)
        : steps is { } known ? new VectorDataViewType(NumberDataViewType.Single, known, labels.Count) : new VectorDataViewType(NumberDataViewType.Single);

    protected override void Annotate(string column, AnnotationSink sink)
    {
        if (column == PredictedLabel)
            labels.AddKeyValues(sink);
    }

    protected override IEnumerable<SchemaShape.Column> Shape() => ShapeOf<Row>();

    public override Delegate Getter(string column, OnnxScorer.Batch batch, RowInBatch current) => column == Score
        ? VectorGetter(Score, batch, current)
        : (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> keys) =>
        {
            var indexes = batch.ClassIndexes(current.Index);
            var editor = VBufferEditor.Create(ref keys, indexes.Length);
            for (var step = 0; step < indexes.Length; step++)
                editor.Values[step] = (uint)(indexes[step] + 1);
            keys = editor.Commit();
        });

    /// <summary><c>PredictedLabel (indexes) → indexes under a name of ours → PredictedLabel (keys)</c></summary>
    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored)
    {
        var chain = new List<ITransformer> { context.Transforms.CopyColumns(TemporaryIndex, PredictedLabel).Fit(scored) };
        chain.AddRange(labels.IndexToLabel(context, TemporaryIndex, TemporaryName, PredictedLabel));
        var labelled = chain.Aggregate(scored, (view, transformer) => transformer.Transform(view));
        string[] temporary = labelled.Schema.GetColumnOrNull(TemporaryName) is null ? [TemporaryIndex] : [TemporaryIndex, TemporaryName];
        chain.Add(context.Transforms.DropColumns(temporary).Fit(labelled));
        return chain;
    }

    /// <summary><c>PredictedLabel = index + 1</c>, a key: 0 where it is missing</summary>
    public override string WriteOnnx(OnnxGraph graph, string column) => column == PredictedLabel
        ? graph.Add("Cast", [graph.Add("Add", [PredictedLabel, graph.Constant("key.first", [1])], "key.number")], "key", ("to", (int)TensorProto.Types.DataType.Uint32))
        : base.WriteOnnx(graph, column);

    private sealed class Row
    {
        public VBuffer<uint> PredictedLabel { get; set; }

        public VBuffer<float> Score { get; set; }
    }
}
