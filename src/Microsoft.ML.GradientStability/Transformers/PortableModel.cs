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
        IDataView data = new NoRows(features);
        var (bytes, input, own) = (onnx, features.Name, new List<string>());
        var cuts = columns.AreOfSteps && length.Varies;
        if (length.Varies)
        {
            if (features.Main.Keys > 0)
            {
                Add(context.Transforms.Conversion.ConvertType(KeyNumbers.Column, features.Main.Name, DataKind.UInt32));
                Add(context.Transforms.CustomMapping(new KeyNumbers().GetMapping(), KeyNumbers.Contract));
            }
            else
                Add(context.Transforms.CopyColumns(SequencePadders.Sequence, features.Main.Name));
            var padder = SequencePadders.For(length.Most - length.Before);
            chain.Add(padder.Fit(context, data));
            data = chain[^1].Transform(data);
            (bytes, input) = (PaddedInput.Write(onnx, SequencePadders.Padded, length.Before + padder.Size, length.Most, columns.AreOfSteps ? ScoreCutter.Steps : null, length.Step), SequencePadders.Padded);
            if (length.Before > 0)
                AddRow(features.All.SkipLast(1), (SequencePadders.Padded, padder.Size));
        }
        else if (features.All.Count > 1 || features.Main.Keys > 0)
            AddRow(features.All);
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

        // The columns as one vector, keys by their bits, and behind them one of numbers that is made already.
        void AddRow(IEnumerable<FeatureColumn> parts, params (string Name, int Width)[] made)
        {
            var names = new List<string>();
            foreach (var part in parts)
            {
                names.Add(part.Keys == 0 ? part.Name : $"{Keys}{own.Count + 1}");
                if (part.Keys == 0)
                    continue;
                own.Add(names[^1]);
                Add(context.Transforms.Conversion.MapKeyToBinaryVector(names[^1], part.Name));
            }
            names.AddRange(made.Select(part => part.Name));
            input = names[0];
            if (names.Count > 1)
            {
                Add(context.Transforms.Concatenate(input = Row, [.. names]));
                own.Add(Row);
            }
            bytes = InputDoor.OfBits(bytes, input, [.. parts.Select(part => (part.Width, part.Keys)), .. made.Select(part => (part.Width, 0))]);
        }

        void Add(IEstimator<ITransformer> estimator)
        {
            chain.Add(estimator.Fit(data));
            data = chain[^1].Transform(data);
        }
    }

    /// <summary>The feature columns of a file.</summary>
    /// <param name="inputs">Name and values of each, and different keys, 0 of numbers; the one that a network reads by itself last.</param>
    /// <param name="network">Which takes them.</param>
    public static FeatureColumns Columns(IEnumerable<(string Name, int Width, int Keys)> inputs, Network network)
    {
        var schema = new DataViewSchema.Builder();
        foreach (var (name, width, keys) in network.IsApart ? inputs.TakeLast(1).Concat(inputs.SkipLast(1)) : inputs)
            schema.AddColumn(name, new VectorDataViewType(keys > 0 ? new KeyDataViewType(typeof(uint), keys) : NumberDataViewType.Single, width));
        return FeatureColumns.Of(schema.ToSchema(), network.TakesKeys, network.IsApart);
    }
}
