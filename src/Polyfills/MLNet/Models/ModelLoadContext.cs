using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed class ModelLoadContext : IDisposable
{
    private readonly ModelArchiveReader _archive;
    private readonly string _folder;

    private ModelLoadContext(ModelArchiveReader archive, string folder, Stream content)
    {
        (_archive, _folder) = (archive, folder);
        Reader = new BinaryReader(content, Encoding.UTF8);
        (LoaderSignature, Version) = ModelHeader.Read(Reader);
    }

    public BinaryReader Reader { get; }

    public string LoaderSignature { get; }

    public int Version { get; }

    public static T? LoadModelOrNull<T>(IHostEnvironment env, ModelArchiveReader archive, string folder) where T : class
    {
        T? model = null;
        TryProcessFolder(archive, folder, ctx => model = ModelLoaders.Load(env, ctx) as T ?? throw Corrupt());
        return model;
    }

    public T LoadModel<T>(IHostEnvironment env, string name) where T : class => LoadModelOrNull<T>(env, name) ?? throw Corrupt();

    public T? LoadModelOrNull<T>(IHostEnvironment env, string name) where T : class =>
        LoadModelOrNull<T>(env, _archive, $"{_folder}/{name}");

    public bool TryProcessSubModel(string name, Action<ModelLoadContext> load) => TryProcessFolder(_archive, $"{_folder}/{name}", load);

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> load)
    {
        using var content = _archive.Open($"{_folder}/{name}");
        if (content is null)
            return false;
        using var reader = new BinaryReader(content, Encoding.UTF8);
        load(reader);
        return true;
    }

    public bool TryLoadTextStream(string name, Action<TextReader> load)
    {
        using var content = _archive.Open($"{_folder}/{name}");
        if (content is null)
            return false;
        using var reader = new StreamReader(content);
        load(reader);
        return true;
    }

    public string? LoadString() => Reader.ReadBoolean() ? Reader.ReadString() : null;

    public string LoadNonEmptyString()
    {
        var value = Reader.ReadString();
        Contracts.CheckDecode(value.Length > 0, "A string of the model is empty");
        return value;
    }

    public void Dispose() => Reader.Dispose();

    private static bool TryProcessFolder(ModelArchiveReader archive, string folder, Action<ModelLoadContext> load)
    {
        using var content = archive.Open($"{folder}/{ModelHeader.EntryName}");
        if (content is null)
            return false;
        using var ctx = new ModelLoadContext(archive, folder, content);
        load(ctx);
        return true;
    }

    private static Exception Corrupt() => Contracts.ExceptDecode("Corrupt model file");
}
