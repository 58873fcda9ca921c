using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A trained network as a chain of official transformers, the form in which it is saved: an external assembly cannot write into
/// ML.NET's model files, its own transformers can. ONNX scoring comes first, then what makes the task's columns of its outputs.
/// </summary>
internal static class PortableModel
{
    /// <param name="context">Whose folder of temporary files keeps the ONNX file for as long as the chain is used.</param>
    /// <param name="onnx">The ONNX file.</param>
    /// <param name="features">Its input, the feature column.</param>
    /// <param name="width">Features a row.</param>
    /// <param name="columns">What is made of its outputs.</param>
    public static TransformerChain<ITransformer> Create(MLContext context, byte[] onnx, string features, int width, ScoreColumns columns)
    {
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        var column = schema[nameof(FeatureRow.Features)];
        (column.ColumnName, column.ColumnType) = (features, new VectorDataViewType(NumberDataViewType.Single, width));
        var noRows = context.Data.LoadFromEnumerable<FeatureRow>([], schema);

        var score = RandomEnding.Retry(() => context.Transforms.ApplyOnnxModel([.. columns.OnnxOutputs], [features], new MemoryStream(onnx)).Fit(noRows));
        return new TransformerChain<ITransformer>([score, .. columns.FromOnnx(context, score.Transform(noRows))]);
    }

    private sealed class FeatureRow
    {
        public VBuffer<float> Features { get; set; }
    }
}
