using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class ModelSaveContext : IDisposable
{
    private readonly ModelArchiveWriter _archive;
    private readonly string _folder;
    private bool _hasHeader;

    private ModelSaveContext(ModelArchiveWriter archive, string folder, Stream content)
    {
        (_archive, _folder) = (archive, folder);
        Writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true);
    }

    internal BinaryWriter Writer { get; }

    public void Dispose() => Writer.Dispose();

    internal static void SaveModel(ModelArchiveWriter archive, ICanSaveModel? model, string folder)
    {
        if (model is not null)
            SaveFolder(archive, folder, model.Save);
    }

    internal void SetVersionInfo(string loaderSignature, int version = 1)
    {
        Contracts.Check(!_hasHeader, "The version of a model is set once.");
        _hasHeader = true;
        ModelHeader.Write(Writer, loaderSignature, version);
    }

    internal void SaveModel(object? value, string name) => SaveModel(_archive, value as ICanSaveModel, $"{_folder}/{name}");

    internal void SaveSubModel(string name, Action<ModelSaveContext> save) => SaveFolder(_archive, $"{_folder}/{name}", save);

    internal void SaveBinaryStream(string name, Action<BinaryWriter> save) => _archive.Add($"{_folder}/{name}", content =>
    {
        using var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true);
        save(writer);
    });

    internal void SaveTextStream(string name, Action<TextWriter> save) => _archive.Add($"{_folder}/{name}", content =>
    {
        using var writer = new StreamWriter(content, leaveOpen: true);
        save(writer);
    });

    internal void SaveString(string? value)
    {
        Writer.Write(value is not null);
        if (value is not null)
            Writer.Write(value);
    }

    internal void SaveNonEmptyString(string value)
    {
        Contracts.CheckNonEmpty(value, nameof(value));
        Writer.Write(value);
    }

    private static void SaveFolder(ModelArchiveWriter archive, string folder, Action<ModelSaveContext> save) =>
        archive.Add($"{folder}/{ModelHeader.EntryName}", content =>
        {
            using var ctx = new ModelSaveContext(archive, folder, content);
            save(ctx);
        });
}
