using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class ModelOperationsCatalog
{
    private const string ModelFolder = "TransformerChain";
    private const string SchemaEntry = "Schema";

    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env) => _env = env;

    public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        Contracts.CheckValue(stream, nameof(stream));
        using var archive = new ModelArchiveWriter(stream);
        ModelSaveContext.SaveModel(archive, model, ModelFolder);
        if (inputSchema is null)
            return;
        using var ch = _env.Start("Saving Schema");
        archive.Add(SchemaEntry, content =>
        {
            using var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true);
            ModelHeader.Write(writer, SchemaEntry, version: 1);
            SchemaCodec.Write(writer, inputSchema);
        });
    }

    public void Save(ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        Contracts.CheckValue(stream, nameof(stream));
        using var archive = new ModelArchiveReader(stream);
        try
        {
            // Null where the model was saved without one, as the official signature has it.
            inputSchema = LoadSchema(archive)!;
            if (ModelLoadContext.LoadModelOrNull<ITransformer>(_env, archive, ModelFolder) is { } model)
                return model;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or ArgumentException)
        {
            throw Contracts.ExceptDecode("Corrupt model file", e);
        }
        throw inputSchema is null
            ? Contracts.Except("Could not load legacy format model")
            : Contracts.ExceptDecode("Corrupt model file");
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions
        {
            IgnoreMissingColumns = ignoreMissingColumns,
            InputSchemaDefinition = inputSchemaDefinition,
            OutputSchemaDefinition = outputSchemaDefinition,
        });

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new() =>
        CreatePredictionEngine<TSrc, TDst>(transformer, ignoreMissingColumns: false, SchemaDefinition.Create(typeof(TSrc), inputSchema));

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new() => new(transformer, options);

    private static DataViewSchema? LoadSchema(ModelArchiveReader archive)
    {
        using var content = archive.Open(SchemaEntry);
        if (content is null)
            return null;
        using var reader = new BinaryReader(content, Encoding.UTF8);
        ModelHeader.Read(reader);
        return SchemaCodec.Read(reader);
    }
}
