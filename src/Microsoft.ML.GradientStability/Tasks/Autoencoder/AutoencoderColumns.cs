using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>The embedding, a vector of Single, and the reconstruction error, a Single; under names of the user's choice.</summary>
internal sealed class AutoencoderColumns(string features, string embedding, string error, int size) : ScoreColumns
{
    /// <summary>The error in the ONNX file: a vector of one, beside the scalar column that is made of it.</summary>
    public string ErrorOutput { get; } = NameBeside("ReconstructionError.Vector", features, embedding);

    public string Embedding => embedding;

    /// <summary>Slots of the embedding.</summary>
    public int Size => size;

    public override IReadOnlyList<string> Names { get; } = [embedding, error];

    public override IReadOnlyList<string> OnnxOutputs => [embedding, ErrorOutput];

    protected override string Kind => "Autoencoder";

    protected override DataViewType TypeOf(string column) =>
        column == embedding ? new VectorDataViewType(NumberDataViewType.Single, size) : NumberDataViewType.Single;

    protected override IEnumerable<SchemaShape.Column> Shape() => ShapeOf<Row>(nameof(Row.Embedding), nameof(Row.Error));

    public override Delegate Getter(string column, OnnxScorer.Batch batch, RowInBatch current) => column == embedding
        ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            var values = batch.Values(embedding, current.Index);
            var editor = VBufferEditor.Create(ref value, values.Length);
            values.CopyTo(editor.Values);
            value = editor.Commit();
        })
        : (ValueGetter<float>)((ref float value) => value = batch.Values(ErrorOutput, current.Index)[0]);

    /// <summary><c>error (a vector of one) → its vector of a fixed name → error (a scalar) → its name; temporary columns dropped</c></summary>
    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored)
    {
        var name = context.Transforms.CopyColumns(ErrorUnwrapper.Column, ErrorOutput).Fit(scored);
        var named = name.Transform(scored);
        var unwrap = context.Transforms.CustomMapping(new ErrorUnwrapper().GetMapping(), ErrorUnwrapper.Contract).Fit(named);
        var unwrapped = unwrap.Transform(named);
        // Dropped first: the error's own column may be called as the output is.
        var dropVectors = context.Transforms.DropColumns(ErrorOutput, ErrorUnwrapper.Column).Fit(unwrapped);
        var scalar = dropVectors.Transform(unwrapped);
        var rename = context.Transforms.CopyColumns(error, ErrorUnwrapper.Value).Fit(scalar);
        var drop = context.Transforms.DropColumns(ErrorUnwrapper.Value).Fit(rename.Transform(scalar));
        return [name, unwrap, dropVectors, rename, drop];
    }

    /// <summary>A name that differs from others: the wanted one, with its ending as often as it takes.</summary>
    private static string NameBeside(string name, params ReadOnlySpan<string> others)
    {
        while (others.Contains(name))
            name += ".Vector";
        return name;
    }

    private sealed class Row
    {
        public VBuffer<float> Embedding { get; set; }

        public float Error { get; set; }
    }
}
