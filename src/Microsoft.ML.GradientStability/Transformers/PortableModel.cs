using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A trained network as a chain of official transformers, the form in which it is saved: an external assembly cannot write into
/// ML.NET's model files, its own transformers can. ONNX scoring comes first, then what makes the task's columns of its outputs.
/// </summary>
internal static class PortableModel
{
    public static TransformerChain<ITransformer> Create(byte[] onnx, string features, int width, ScoreColumns columns)
    {
        var context = new MLContext();
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        var column = schema[nameof(FeatureRow.Features)];
        (column.ColumnName, column.ColumnType) = (features, new VectorDataViewType(NumberDataViewType.Single, width));
        var noRows = context.Data.LoadFromEnumerable<FeatureRow>([], schema);

        using var bytes = new MemoryStream(onnx);
        var score = context.Transforms.ApplyOnnxModel([.. columns.OnnxOutputs], [features], bytes).Fit(noRows);
        return new TransformerChain<ITransformer>([score, .. columns.FromOnnx(context, score.Transform(noRows))]);
    }

    private sealed class FeatureRow
    {
        public VBuffer<float> Features { get; set; }
    }
}
