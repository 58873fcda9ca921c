namespace Microsoft.ML.Data;

/// <summary>The data lines of a file: header, comments and empty lines are left out.</summary>
internal sealed class TextRows(string path, TextFormat format, int neededFields) : IDisposable
{
    private readonly TextLines _lines = new(new StreamReader(path));
    private bool _inData;

    public TextFields Fields { get; } = new(format, neededFields);

    public long LineNumber => _lines.Number;

    /// <summary>False where a quoted field of the current line is not closed properly.</summary>
    public bool IsWellFormed { get; private set; }

    public bool MoveNext(bool includeHeader = false)
    {
        while (_lines.MoveNext())
        {
            var line = _lines.Current;
            // Lines of '#' above the data hold what tools wrote about the file; further down they are data.
            if (line.IsEmpty || line.StartsWith("//") || !_inData && line[0] == '#')
                continue;
            var isHeader = !_inData && format.HasHeader;
            _inData = true;
            if (isHeader && !includeHeader)
                continue;
            var length = format.TrimWhitespace ? line.TrimEnd().Length : line.Length;
            IsWellFormed = Fields.Split(_lines.Buffer, _lines.Start, length);
            return true;
        }
        return false;
    }

    public void Dispose() => _lines.Dispose();
}
