using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The data lines of one file after the other: headers, comments and empty lines are left out.</summary>
internal sealed class TextRows(IMultiStreamSource files, TextFormat format, int neededFields) : IDisposable
{
    private TextLines? _lines;
    private int _opened;
    private bool _inData;

    public TextFields Fields { get; } = new(format, neededFields);

    public string? Path => files.GetPathOrNull(_opened - 1);

    public long LineNumber => _lines!.Number;

    /// <summary>False where a quoted field of the current line is not closed properly.</summary>
    public bool IsWellFormed { get; private set; }

    public bool MoveNext(bool includeHeader = false)
    {
        try
        {
            while (MoveNextLine())
            {
                if (TrySplit(includeHeader))
                    return true;
            }
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Contracts.ExceptDecode("Stream reading encountered exception", e);
        }
    }

    public void Dispose() => _lines?.Dispose();

    private bool MoveNextLine()
    {
        while (_lines is null || !_lines.MoveNext())
        {
            if (_opened == files.Count)
                return false;
            _lines?.Dispose();
            _lines = new TextLines(files.OpenTextReader(_opened++));
            _inData = false;
        }
        return true;
    }

    private bool TrySplit(bool includeHeader)
    {
        var line = _lines!.Current;
        // Lines of '#' above the data hold what tools wrote about the file; further down they are data.
        if (line.IsEmpty || line.StartsWith("//") || !_inData && line[0] == '#')
            return false;
        var isHeader = !_inData && format.HasHeader;
        _inData = true;
        if (isHeader && !includeHeader)
            return false;
        var length = format.TrimWhitespace ? line.TrimEnd().Length : line.Length;
        IsWellFormed = Fields.Split(_lines.Buffer, _lines.Start, length);
        return true;
    }
}
