using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The columns that a multiclass model adds, with the types and annotations of ML.NET's own trainers: <c>PredictedLabel</c>, a key
/// like the label, and <c>Score</c>, the probability of each class.
/// </summary>
internal static class ClassifierColumns
{
    public const string PredictedLabel = ClassifierOnnx.PredictedLabel;
    public const string Score = ClassifierOnnx.Score;

    /// <summary>PredictedLabel and Score, in this order, after the input's columns.</summary>
    public const int Count = 2;

    private const string ScoreColumnSetId = "ScoreColumnSetId";

    /// <summary>The schema of scored rows: the input's columns, then ours.</summary>
    public static DataViewSchema Extend(DataViewSchema input, ClassLabels labels)
    {
        var setId = 1 + input.Select(SetId).DefaultIfEmpty().Max();
        var (label, score) = (new AnnotationSink.OfSchema(), new AnnotationSink.OfSchema());
        AnnotateLabel(label, labels, setId);
        AnnotateScore(score, labels, setId);

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumn(PredictedLabel, labels.KeyType, label.ToAnnotations());
        builder.AddColumn(Score, ScoreType(labels), score.ToAnnotations());
        return builder.ToSchema();
    }

    /// <summary>
    /// The shape of scored rows before any is seen. ML.NET keeps the constructor of a shape's column to itself, so the columns are
    /// those that a built-in estimator gives for the same types and annotations; sizes and values are not part of a shape.
    /// </summary>
    public static SchemaShape Extend(SchemaShape input, ClassLabels labels)
    {
        var definition = SchemaDefinition.Create(typeof(ScoredRow));
        var (label, score) = (definition[PredictedLabel], definition[Score]);
        label.ColumnType = labels.KeyType;
        score.ColumnType = ScoreType(labels);
        AnnotateLabel(new AnnotationSink.OfDefinition(label), labels, setId: 1);
        AnnotateScore(new AnnotationSink.OfDefinition(score), labels, setId: 1);

        var added = new MLContext().Transforms
            .CustomMapping<NoColumns, ScoredRow>((_, _) => { }, contractName: null, outputSchemaDefinition: definition)
            .GetOutputSchema(new SchemaShape([]));
        return new SchemaShape(input.Where(c => added.All(a => a.Name != c.Name)).Concat(added));
    }

    private static VectorDataViewType ScoreType(ClassLabels labels) => new(NumberDataViewType.Single, labels.Count);

    private static void AnnotateLabel(AnnotationSink sink, ClassLabels labels, uint setId)
    {
        labels.AddKeyValues(sink);
        Annotate(sink, PredictedLabel, setId);
    }

    private static void AnnotateScore(AnnotationSink sink, ClassLabels labels, uint setId)
    {
        labels.AddScoreSlots(sink);
        Annotate(sink, Score, setId);
    }

    private static void Annotate(AnnotationSink sink, string valueKind, uint setId)
    {
        sink.AddScalar(ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), setId);
        sink.AddScalar("ScoreColumnKind", TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        sink.AddScalar("ScoreValueKind", TextDataViewType.Instance, valueKind.AsMemory());
    }

    /// <summary>Scorers number the columns that belong together, from 1.</summary>
    private static uint SetId(DataViewSchema.Column column)
    {
        var id = 0u;
        if (column.Annotations.Schema.GetColumnOrNull(ScoreColumnSetId) is not null)
            column.Annotations.GetValue(ScoreColumnSetId, ref id);
        return id;
    }

    private sealed class NoColumns;

    private sealed class ScoredRow
    {
        public uint PredictedLabel { get; set; }

        public VBuffer<float> Score { get; set; }
    }
}
