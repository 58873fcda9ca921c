using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A trained network as a chain of official transformers, the form in which it is saved: an external assembly cannot write into
/// ML.NET's model files, its own transformers can.
/// <c>features → ONNX → Score, PredictedLabel (index, a vector of one) → index (scalar) → PredictedLabel (key)</c>
/// </summary>
internal static class PortableModel
{
    private const string Name = ClassifierOnnx.PredictedLabel + ".Name";

    public static TransformerChain<ITransformer> Create(byte[] onnx, string features, int width, ClassLabels labels)
    {
        var context = new MLContext();
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[nameof(FeatureRow.Features)].ColumnName = features;
        schema[nameof(FeatureRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        var noRows = context.Data.LoadFromEnumerable<FeatureRow>([], schema);

        using var bytes = new MemoryStream(onnx);
        var score = context.Transforms
            .ApplyOnnxModel([ClassifierOnnx.Score, ClassifierOnnx.PredictedLabel], [features], bytes).Fit(noRows);
        var scored = score.Transform(noRows);
        var unwrap = context.Transforms
            .CustomMapping(new PredictedIndexUnwrapper().GetMapping(), PredictedIndexUnwrapper.Contract).Fit(scored);
        var toLabel = labels.IndexToLabel(context, PredictedIndexUnwrapper.Index, Name, ClassifierOnnx.PredictedLabel).ToArray();

        var labelled = toLabel.Aggregate(unwrap.Transform(scored), (view, transformer) => transformer.Transform(view));
        string[] temporary = labelled.Schema.GetColumnOrNull(Name) is null
            ? [PredictedIndexUnwrapper.Index]
            : [PredictedIndexUnwrapper.Index, Name];
        var drop = context.Transforms.DropColumns(temporary).Fit(labelled);
        return new TransformerChain<ITransformer>([score, unwrap, .. toLabel, drop]);
    }

    private sealed class FeatureRow
    {
        public VBuffer<float> Features { get; set; }
    }
}
