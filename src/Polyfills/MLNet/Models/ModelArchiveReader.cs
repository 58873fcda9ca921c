using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed class ModelArchiveReader : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    public ModelArchiveReader(Stream stream)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            // A file written on Windows may separate folders by the other slash.
            foreach (var entry in _archive.Entries)
                _entries[entry.FullName.Replace('\\', '/')] = entry;
        }
        catch (Exception e)
        {
            throw Contracts.ExceptDecode("Failed to open a zip archive", e);
        }
    }

    /// <summary>The content of an entry at its start, null where the archive has none of that name.</summary>
    public MemoryStream? Open(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            return null;
        var content = new MemoryStream(checked((int)entry.Length));
        using var source = entry.Open();
        source.CopyTo(content);
        content.Position = 0;
        return content;
    }

    public void Dispose() => _archive.Dispose();
}
