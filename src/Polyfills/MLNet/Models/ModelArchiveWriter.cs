using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The zip file that a model is written to. Its entries carry the names that ML.NET gives them.</summary>
internal sealed class ModelArchiveWriter : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _names = [];

    public ModelArchiveWriter(Stream stream)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var version = typeof(ModelArchiveWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Add("TrainingInfo/Version.txt", entry =>
        {
            using var writer = new StreamWriter(entry, leaveOpen: true);
            writer.WriteLine(version);
        });
    }

    // A zip file takes one entry after the other, while folders of a model nest: each entry is built in memory first.
    public void Add(string name, Action<Stream> write)
    {
        Contracts.CheckParam(_names.Add(name), nameof(name), $"Duplicate entry: '{name}'");
        using var content = new MemoryStream();
        write(content);
        using var entry = _archive.CreateEntry(name).Open();
        content.WriteTo(entry);
    }

    public void Dispose() => _archive.Dispose();
}
