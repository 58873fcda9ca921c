using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed class MultiFileSource : IMultiStreamSource
{
    private const int BufferSize = 1 << 16;

    private readonly string[] _paths;

    /// <summary>Paths may have wildcards. Where nothing matches, the paths stand as they are, to be told of when they are opened.</summary>
    public MultiFileSource(params string[] paths)
    {
        if (paths is null or [null])
            paths = [];
        string[] found = [.. paths.SelectMany(Expand)];
        _paths = found.Length > 0 ? found : paths;
    }

    public int Count => _paths.Length;

    public string GetPathOrNull(int index) => PathOf(index);

    public Stream Open(int index)
    {
        var path = PathOf(index);
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e)
        {
            throw new IOException($"Could not open file '{path}'. Error is: {e.Message}", e);
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index), bufferSize: BufferSize);

    /// <summary>The files that there are of a path, or of several patterns with a plus between them.</summary>
    internal static IEnumerable<string> Expand(string path)
    {
        if (path.AsSpan().IndexOfAny("*?+") < 0)
            return File.Exists(path) ? [path] : [];
        return path.Split('+', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(pattern => pattern.AsSpan().IndexOfAny("*?") < 0 ? Expand(pattern) : Match(pattern))
            .Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Match(string pattern)
    {
        var folder = Path.GetDirectoryName(pattern);
        folder = string.IsNullOrEmpty(folder) ? "." : folder;
        return Directory.Exists(folder) ? Directory.GetFiles(folder, Path.GetFileName(pattern)).Order() : [];
    }

    private string PathOf(int index)
    {
        Contracts.CheckParam(0 <= index && index < Count, nameof(index), "There is no such file.");
        return _paths[index];
    }
}
