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
        ? VectorGetter(embedding, batch, current)
        : (ValueGetter<float>)((ref float value) => value = batch.Values(error, current.Index)[0]);

    /// <summary><c>error (a vector of one) → error (a scalar)</c></summary>
    public override IEnumerable<ITransformer> FromOnnx(MLContext context, IDataView scored) => new SingleUnwrapper().Fit(context, scored, error);

    private sealed class Row
    {
        public VBuffer<float> Embedding { get; set; }

        public float Error { get; set; }
    }
}
