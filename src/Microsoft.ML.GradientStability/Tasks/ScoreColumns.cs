using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The columns that a trained network adds to data, with the types and annotations of ML.NET's own trainers; read from the outputs of
/// its ONNX file, in a pipeline or in the chain of official transformers that it is saved as. One class a task.
/// </summary>
internal abstract class ScoreColumns
{
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";

    /// <summary>
    /// What the names of temporary columns begin with, in the chain of a saved model. They are part of its contract, so they cannot be chosen to
    /// differ from the columns of whoever loads it; no one calls a column so.
    /// </summary>
    public const string Own = "Microsoft.ML.GradientStability/";

    private const string ScoreColumnSetId = "ScoreColumnSetId";

    /// <summary>In the order in which they are added.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>The outputs of the ONNX file that they are read from.</summary>
    public abstract IReadOnlyList<string> OnnxOutputs { get; }

    /// <summary>Whether they hold vectors of one value, or of some, a step, as long as the rows are.</summary>
    public virtual bool AreOfSteps => false;

    /// <summary>ML.NET's name of the task.</summary>
    protected abstract string Kind { get; }

    protected abstract DataViewType TypeOf(string column);

    /// <summary>Annotations beyond those that every score column has.</summary>
    protected virtual void Annotate(string column, AnnotationSink sink) { }

    /// <summary>The columns as an estimator's output shape; from a row type, because ML.NET derives shapes from those.</summary>
    protected abstract IEnumerable<SchemaShape.Column> Shape();

    /// <summary>A <see cref="ValueGetter{TValue}"/> of a column over a scored batch.</summary>
    public abstract Delegate Getter(string column, OnnxScorer.Batch batch, RowInBatch current);

    /// <summary>Official transformers that make the columns from what ONNX scoring adds: the outputs of the file as vectors.</summary>
    public abstract IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored);

    /// <summary>
    /// Writes a column of a pipeline from the outputs of the file: batch × width, a key as UInt32 from 1. By default it is the output of its name.
    /// </summary>
    /// <param name="graph">Where nodes are added that take outputs of the file.</param>
    /// <param name="column">One of <see cref="Names"/>.</param>
    /// <returns>The name of the tensor.</returns>
    public virtual string WriteOnnx(OnnxGraph graph, string column) => column;

    /// <summary>The getter of an output as a vector.</summary>
    protected static ValueGetter<VBuffer<float>> VectorGetter(string output, OnnxScorer.Batch batch, RowInBatch current) => (ref VBuffer<float> value) =>
    {
        var values = batch.Values(output, current.Index);
        var editor = VBufferEditor.Create(ref value, values.Length);
        values.CopyTo(editor.Values);
        value = editor.Commit();
    };

    /// <summary>The schema of scored rows: the input's columns, then ours.</summary>
    public DataViewSchema Extend(DataViewSchema input)
    {
        var setId = 1 + input.Select(SetId).DefaultIfEmpty().Max();
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (var name in Names)
        {
            var annotations = new AnnotationSink.OfSchema();
            AnnotateAll(name, annotations, setId);
            builder.AddColumn(name, TypeOf(name), annotations.ToAnnotations());
        }
        return builder.ToSchema();
    }

    /// <summary>The shape of scored rows before any is seen.</summary>
    public SchemaShape Extend(SchemaShape input) => new(input.Where(c => !Names.Contains(c.Name)).Concat(Shape()));

    /// <summary>
    /// ML.NET keeps the constructor of a shape's column to itself, so the columns are those that a built-in estimator gives for the
    /// same types and annotations; sizes and values are not part of a shape.
    /// </summary>
    /// <typeparam name="TRow">A row with the columns as members.</typeparam>
    /// <param name="members">The members, in the order of <see cref="Names"/>, where they have other names than the columns.</param>
    protected SchemaShape ShapeOf<TRow>(params IReadOnlyList<string> members) where TRow : class, new()
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        for (var i = 0; i < Names.Count; i++)
        {
            var column = definition[members.Count > 0 ? members[i] : Names[i]];
            (column.ColumnName, column.ColumnType) = (Names[i], TypeOf(Names[i]));
            AnnotateAll(Names[i], new AnnotationSink.OfDefinition(column), setId: 1);
        }
        return new MLContext().Transforms
            .CustomMapping<NoColumns, TRow>((_, _) => { }, contractName: null, outputSchemaDefinition: definition)
            .GetOutputSchema(new SchemaShape([]));
    }

    /// <summary>A transformer of scored rows, and those that make a scalar of the spread as well, where there is one.</summary>
    protected static IEnumerable<ITransformer> WithSpread(MLContext context, IDataView scored, ITransformer scores, string? spread) =>
        spread is null ? [scores] : [scores, .. new SingleUnwrapper().Fit(context, scores.Transform(scored), spread)];

    private void AnnotateAll(string column, AnnotationSink sink, uint setId)
    {
        Annotate(column, sink);
        sink.AddScalar(ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), setId);
        sink.AddScalar("ScoreColumnKind", TextDataViewType.Instance, Kind.AsMemory());
        sink.AddScalar("ScoreValueKind", TextDataViewType.Instance, column.AsMemory());
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
}
