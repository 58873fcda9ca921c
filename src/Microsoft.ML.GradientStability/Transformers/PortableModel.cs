using Microsoft.ML.Data;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A trained network as a chain of official transformers, the form in which it is saved: an external assembly cannot write into
/// ML.NET's model files, its own transformers can. ONNX scoring comes first, then what makes the task's columns of its outputs.
/// </summary>
internal static class PortableModel
{
    private const string Row = ScoreColumns.Own + "Row", Keys = ScoreColumns.Own + "Keys";

    /// <summary>What stands before the network, and is dropped behind it.</summary>
    private static readonly string[] s_temporary = [KeyNumbers.Column, SequencePadders.Sequence, SequencePadders.Padded, ScoreCutter.Steps];

    /// <param name="context">Whose folder of temporary files keeps the ONNX file for as long as the chain is used.</param>
    /// <param name="onnx">The ONNX file.</param>
    /// <param name="features">
    /// Its input, the feature columns. Where these are several, or keys, they reach the file as one vector, see <see cref="InputDoor"/>; sequences of different lengths padded, see <see cref="PaddedInput"/>.
    /// </param>
    /// <param name="columns">What is made of its outputs.</param>
    /// <param name="length">Numbers of a row, of the longest where rows have different lengths.</param>
    public static TransformerChain<ITransformer> Create(MLContext context, byte[] onnx, FeatureColumns features, ScoreColumns columns, RowLength length)
    {
        var chain = new List<ITransformer>();
        var data = NoRows(context, features);
        var (bytes, input, own) = (onnx, features.Name, new List<string>());
        var cuts = columns.AreOfSteps && length.Varies;
        if (length.Varies)
        {
            if (features.Numbers == 0 && features.All[0].Keys > 0)
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
        else if (features.All.Count > 1 || features.Numbers == 0)
        {
            foreach (var part in features.All.Where(part => part.Keys > 0))
            {
                own.Add($"{Keys}{own.Count + 1}");
                Add(context.Transforms.Conversion.MapKeyToBinaryVector(own[^1], part.Name));
            }
            string[] row = [.. features.All.Where(part => part.Keys == 0).Select(part => part.Name), .. own];
            input = row[0];
            if (row.Length > 1)
            {
                Add(context.Transforms.Concatenate(input = Row, row));
                own.Add(Row);
            }
            bytes = InputDoor.OfBits(onnx, input, [.. features.All.Select(part => (part.Width, part.Keys))]);
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
        if (data.Schema.Where(column => !column.IsHidden && s_temporary.Contains(column.Name)).Select(column => column.Name).Concat(own).ToArray() is { Length: > 0 } temporary)
            Add(context.Transforms.DropColumns(temporary));
        return new TransformerChain<ITransformer>([.. chain]);

        void Add(IEstimator<ITransformer> estimator)
        {
            chain.Add(estimator.Fit(data));
            data = chain[^1].Transform(data);
        }
    }

    /// <summary>The feature columns of a file.</summary>
    /// <param name="inputs">Name and values of each.</param>
    /// <param name="keys">Those of keys.</param>
    public static FeatureColumns Columns(IEnumerable<(string Name, int Width)> inputs, IReadOnlyList<KeyColumn> keys)
    {
        var schema = new DataViewSchema.Builder();
        foreach (var (name, width) in inputs)
            schema.AddColumn(name, new VectorDataViewType(keys.FirstOrDefault(column => column.Name == name) is { } of ? new KeyDataViewType(typeof(uint), of.Keys) : NumberDataViewType.Single, width));
        return FeatureColumns.Of(schema.ToSchema(), areTokens: false);
    }

    /// <summary>Data with the feature columns, and nothing else: what a loader makes of no file, which knows no vectors of unknown size.</summary>
    private static IDataView NoRows(MLContext context, FeatureColumns features)
    {
        if (features.All.Count > 1)
            return context.Data.CreateTextLoader([.. features.All.Select(Column)]).Load(new MultiFileSource(null));
        var isKeys = features.All[0].Keys > 0;
        var schema = SchemaDefinition.Create(isKeys ? typeof(KeyRow) : typeof(FeatureRow));
        var column = schema[nameof(FeatureRow.Features)];
        (column.ColumnName, column.ColumnType) = (features.Name, features.Type);
        return isKeys ? context.Data.LoadFromEnumerable<KeyRow>([], schema) : context.Data.LoadFromEnumerable<FeatureRow>([], schema);
    }

    private static TextLoader.Column Column(FeatureColumn part)
    {
        TextLoader.Range[] values = [part.IsScalar ? new TextLoader.Range(0) : new TextLoader.Range(0, part.Width - 1)];
        return part.Keys == 0 ? new TextLoader.Column(part.Name, DataKind.Single, values) : new TextLoader.Column(part.Name, DataKind.UInt32, values, new KeyCount((ulong)part.Keys));
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
