using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.GradientStability.OnnxProto;
using ElementType = Microsoft.ML.GradientStability.OnnxProto.TensorProto.Types.DataType;

namespace Microsoft.ML.GradientStability;

/// <summary>Makes a model of an ONNX file that was written here: the official transformers that a saved model consists of.</summary>
internal static class OnnxImport
{
    /// <summary>The model, loaded as one that was saved, so that the context of the user has it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or was not written by this library.</exception>
    public static ITransformer Load(ModelOperationsCatalog catalog, byte[] onnx)
    {
        var file = OnnxDigest.Open(onnx) ?? throw new InvalidDataException(
            "It is no ONNX file of this library, which says how its columns and its training were; score any other by mlContext.Transforms.ApplyOnnxModel.");
        using var temporary = new PrivateFolder();
        using var saved = new MemoryStream();
        using (var chain = Create(temporary.Context, file, onnx))
            temporary.Context.Model.Save(chain, inputSchema: null, saved);
        return RandomEnding.Retry(() =>
        {
            saved.Position = 0;
            return catalog.Load(saved, out _);
        });
    }

    private static TransformerChain<ITransformer> Create(MLContext context, ModelProto file, byte[] onnx)
    {
        var metadata = file.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
        if (metadata.TryGetValue(OnnxOutputEntry.Key, out var outputs))
            return Pipeline(context, file.Graph, onnx, JsonSerializer.Deserialize<OnnxOutputEntry[]>(outputs)!);
        var classes = metadata.TryGetValue("classes", out var names) ? JsonSerializer.Deserialize<string[]>(names)! : [];
        var options = DeepNetworkOptions.FromJson(metadata[PreviousNetwork.OptionsKey]);
        var alone = InputDoor.Remove(file, out var inputs);
        var length = options.Network.Shape is { VariesInLength: true } shape ? new RowLength(shape.Size, shape.StepSize).Behind(options.Network.Before) : new RowLength(inputs.Sum(input => input.Width));
        return PortableModel.Create(context, alone ?? onnx, PortableModel.Columns(inputs.Select(input => (input.Name, input.Width, input.AreKeys ? KeysOf(input.Name) : 0)), options.Network), options.ColumnsOf(classes), length);

        int KeysOf(string column) => options.Network.Categories.FirstOrDefault(keys => keys.Name == column)?.Keys ?? options.Network.Shape!.Channels;
    }

    /// <summary>ONNX scoring, then what makes keys of indexes and single values of vectors of one.</summary>
    private static TransformerChain<ITransformer> Pipeline(MLContext context, GraphProto graph, byte[] onnx, OnnxOutputEntry[] outputs)
    {
        if (!outputs.Select(output => output.Name).SequenceEqual(graph.Output.Select(output => output.Name)))
            throw new InvalidDataException($"Its metadata '{OnnxOutputEntry.Key}' are not of its outputs, {Listing.Of(graph.Output.Select(output => output.Name), graph.Output.Count)}.");
        if (graph.Input.FirstOrDefault(input => Width(input) == 0) is { } free)
            throw new NotSupportedException($"Its input '{free.Name}' takes rows of any length, and ML.NET's ONNX transformer those of one. Load the pipeline's own file, or score this one by ONNX Runtime.");
        // A loader of no file: data of any columns, without rows.
        var inputs = graph.Input.Select(input => Width(input) == 1 ? new TextLoader.Column(input.Name, Kind(input), 0) : new TextLoader.Column(input.Name, Kind(input), 0, Width(input) - 1));
        var data = context.Data.CreateTextLoader([.. inputs]).Load(new MultiFileSource(null));
        string[] outputNames = [.. outputs.Select(output => output.Name)];
        string[] inputNames = [.. graph.Input.Select(input => input.Name)];
        var chain = new List<ITransformer> { RandomEnding.Retry(() => context.Transforms.ApplyOnnxModel(outputNames, inputNames, new MemoryStream(onnx)).Fit(data)) };
        data = chain[0].Transform(data);
        foreach (var output in outputs.Where(output => !output.IsVector || output.Classes is not null))
        {
            // ML.NET takes the ending off that its converter gives to outputs.
            var column = data.Schema.GetColumnOrNull(output.Name) ?? data.Schema[output.Name[..output.Name.LastIndexOf('.')]];
            foreach (var transformer in output.Classes is { } classes
                ? (output.IsVector ? (DeepNetworkOptions)new DeepSequenceMulticlassTrainer.Options() : new DeepNetworkMulticlassTrainer.Options()).ColumnsOf(classes).FromOnnx(context, data)
                : IScalarUnwrapper.Of(((VectorDataViewType)column.Type).ItemType).Fit(context, data, column.Name))
            {
                chain.Add(transformer);
                data = transformer.Transform(data);
            }
        }
        return new TransformerChain<ITransformer>([.. chain]);
    }

    private static int Width(ValueInfoProto column) => checked((int)column.Type.TensorType.Shape.Dim[1].DimValue);

    private static DataKind Kind(ValueInfoProto column) => column.Type.TensorType.ElemType switch
    {
        ElementType.Int8 => DataKind.SByte,
        ElementType.Uint8 => DataKind.Byte,
        ElementType.Int16 => DataKind.Int16,
        ElementType.Uint16 => DataKind.UInt16,
        ElementType.Int32 => DataKind.Int32,
        ElementType.Uint32 => DataKind.UInt32,
        ElementType.Int64 => DataKind.Int64,
        ElementType.Uint64 => DataKind.UInt64,
        ElementType.Bool => DataKind.Boolean,
        ElementType.String => DataKind.String,
        ElementType.Double => DataKind.Double,
        _ => DataKind.Single,
    };
}
