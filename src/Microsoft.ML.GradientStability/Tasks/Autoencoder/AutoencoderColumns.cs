using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>The embedding, a vector of Single, and the reconstruction error, a Single; under names of the user's choice.</summary>
internal sealed class AutoencoderColumns(string embedding, string error, int size) : ScoreColumns
{
    public string Embedding => embedding;

    public string Error => error;

    /// <summary>Slots of the embedding.</summary>
    public int Size => size;

    public override IReadOnlyList<string> Names { get; } = [embedding, error];

    public override IReadOnlyList<string> OnnxOutputs => Names;

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
        : (ValueGetter<float>)((ref float value) => value = batch.Values(error, current.Index)[0]);

    /// <summary><c>error (a vector of one) → a name of ours → error (a scalar) → its name again; temporary columns dropped</c></summary>
    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored)
    {
        var name = context.Transforms.CopyColumns(ErrorUnwrapper.Column, error).Fit(scored);
        var named = name.Transform(scored);
        var unwrap = context.Transforms.CustomMapping(new ErrorUnwrapper().GetMapping(), ErrorUnwrapper.Contract).Fit(named);
        var unwrapped = unwrap.Transform(named);
        var rename = context.Transforms.CopyColumns(error, ErrorUnwrapper.Value).Fit(unwrapped);
        var drop = context.Transforms.DropColumns(ErrorUnwrapper.Column, ErrorUnwrapper.Value).Fit(rename.Transform(unwrapped));
        return [name, unwrap, rename, drop];
    }

    private sealed class Row
    {
        public VBuffer<float> Embedding { get; set; }

        public float Error { get; set; }
    }
}
