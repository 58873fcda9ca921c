using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A trained network as a chain of official transformers, the form in which it is saved: an external assembly cannot write into
/// ML.NET's model files, its own transformers can. ONNX scoring comes first, then what makes the task's columns of its outputs.
/// </summary>
internal static class PortableModel
{
    private const string OneHot = ScoreColumns.Own + "Tokens";

    /// <summary>What stands before the network, and is dropped behind it.</summary>
    private static readonly string[] s_temporary = [OneHot, KeyNumbers.Column, SequencePadders.Sequence, SequencePadders.Padded, ScoreCutter.Steps];

    /// <param name="context">Whose folder of temporary files keeps the ONNX file for as long as the chain is used.</param>
    /// <param name="onnx">The ONNX file.</param>
    /// <param name="features">
    /// Its input, the feature column. Keys reach the file as vectors of a one and zeros, see <see cref="OneHotInput"/>; sequences of different lengths padded, see <see cref="PaddedInput"/>.
    /// </param>
    /// <param name="columns">What is made of its outputs.</param>
    /// <param name="length">Numbers of a row, of the longest where rows have different lengths.</param>
    public static TransformerChain<ITransformer> Create(MLContext context, byte[] onnx, DataViewSchema.Column features, ScoreColumns columns, RowLength length)
    {
        var type = (VectorDataViewType)features.Type;
        var chain = new List<ITransformer>();
        var data = NoRows(context, features);
        var (bytes, input) = (onnx, features.Name);
        var cuts = columns.AreOfSteps && length.Varies;
        if (length.Varies)
        {
            if (type.ItemType is KeyDataViewType)
            {
                Add(context.Transforms.Conversion.ConvertType(KeyNumbers.Column, features.Name, DataKind.UInt32));
                Add(context.Transforms.CustomMapping(new KeyNumbers().GetMapping(), KeyNumbers.Contract));
            }
            else
                Add(context.Transforms.CopyColumns(SequencePadders.Sequence, features.Name));
            var padder = SequencePadders.For(length.Most);
            chain.Add(padder.Fit(context, data));
            data = chain[^1].Transform(data);
            (bytes, input) = (PaddedInput.Write(onnx, SequencePadders.Padded, padder.Size, length.Most, columns.AreOfSteps ? ScoreCutter.Steps : null, length.Step), SequencePadders.Padded);
        }
        else if (type.ItemType is KeyDataViewType keys)
        {
            Add(context.Transforms.Conversion.MapKeyToVector(OneHot, features.Name));
            (bytes, input) = (OneHotInput.Write(onnx, OneHot, type.Size, checked((int)keys.Count)), OneHot);
        }
        chain.Add(RandomEnding.Retry(() => context.Transforms.ApplyOnnxModel([.. columns.OnnxOutputs, .. cuts ? [ScoreCutter.Steps] : Array.Empty<string>()], [input], new MemoryStream(bytes)).Fit(data)));
        data = chain[^1].Transform(data);
        if (cuts)
        {
            Add(context.Transforms.CustomMapping(new ScoreCutter().GetMapping(), ScoreCutter.Contract));
            if (columns.OnnxOutputs.Contains(ScoreColumns.PredictedLabel))
                Add(context.Transforms.CustomMapping(new LabelCutter().GetMapping(), LabelCutter.Contract));
        }
        foreach (var transformer in columns.FromOnnx(context, data))
        {
            chain.Add(transformer);
            data = transformer.Transform(data);
        }
        if (data.Schema.Where(column => !column.IsHidden && s_temporary.Contains(column.Name)).Select(column => column.Name).ToArray() is { Length: > 0 } temporary)
            Add(context.Transforms.DropColumns(temporary));
        return new TransformerChain<ITransformer>([.. chain]);

        void Add(IEstimator<ITransformer> estimator)
        {
            chain.Add(estimator.Fit(data));
            data = chain[^1].Transform(data);
        }
    }

    /// <summary>A feature column of numbers, of different lengths where the width is 0.</summary>
    public static DataViewSchema.Column Numbers(string name, int width)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(name, new VectorDataViewType(NumberDataViewType.Single, width));
        return schema.ToSchema()[0];
    }

    /// <summary>Data with the feature column, and nothing else.</summary>
    private static IDataView NoRows(MLContext context, DataViewSchema.Column features)
    {
        var isKeys = ((VectorDataViewType)features.Type).ItemType is KeyDataViewType;
        var schema = SchemaDefinition.Create(isKeys ? typeof(KeyRow) : typeof(FeatureRow));
        var column = schema[nameof(FeatureRow.Features)];
        (column.ColumnName, column.ColumnType) = (features.Name, features.Type);
        return isKeys ? context.Data.LoadFromEnumerable<KeyRow>([], schema) : context.Data.LoadFromEnumerable<FeatureRow>([], schema);
    }

    private sealed class KeyRow
    {
        public VBuffer<uint> Features { get; set; }
    }

    private sealed class FeatureRow
    {
        public VBuffer<float> Features { get; set; }
    }
}
