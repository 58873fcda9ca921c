namespace Microsoft.ML.Data;

/// <summary>The fields of a line, as ranges of the line's buffer.</summary>
internal sealed class TextFields(TextFormat format, int needed)
{
    private (int Start, int Length)[] _ranges = new (int, int)[64];
    private char[] _line = [];
    // What doubled quotes are taken out of is longer in the line than in the field; such fields stand here.
    private char[] _unquoted = new char[64];
    private int _unquotedLength;

    public int Count { get; private set; }

    /// <summary>The field, empty where the line ends before it.</summary>
    public ReadOnlySpan<char> this[int field]
    {
        get
        {
            if (field >= Count)
                return default;
            var (start, length) = _ranges[field];
            return start >= 0 ? _line.AsSpan(start, length) : _unquoted.AsSpan(~start, length);
        }
    }

    /// <summary>Splits as many fields off as are needed; false where one of them is quoted wrongly, which leaves it empty.</summary>
    public bool Split(char[] buffer, int start, int length)
    {
        (_line, Count, _unquotedLength) = (buffer, 0, 0);
        var (next, end, wellFormed) = (start, start + length, true);
        while (Count < needed)
        {
            while (!format.SpaceSeparates && next < end && buffer[next] == ' ')
                next++;
            if (format.AllowQuoting && next < end && buffer[next] == '"')
            {
                wellFormed &= TryUnquote(buffer, ref next, end, out var range);
                Add(range);
            }
            else
            {
                var field = buffer.AsSpan(next, end - next);
                var size = field.IndexOfAny(format.Separators);
                Add((next, size < 0 ? field.Length : size));
                next += size < 0 ? field.Length : size;
            }
            if (next >= end)
                break;
            next++;
        }
        return wellFormed;
    }

    private void Add((int Start, int Length) range)
    {
        if (Count == _ranges.Length)
            Array.Resize(ref _ranges, 2 * Count);
        _ranges[Count++] = range;
    }

    // Stands on the opening quote; leaves at the separator after the closing one. Two quotes within mean one.
    private bool TryUnquote(char[] buffer, ref int next, int end, out (int Start, int Length) range)
    {
        var (start, closed) = (_unquotedLength, false);
        for (next++; next < end && !closed; next++)
        {
            if (buffer[next] != '"')
                Append(buffer[next]);
            else if (next + 1 < end && buffer[next + 1] == '"')
                Append(buffer[next++]);
            else
                closed = true;
        }
        var wellFormed = closed;
        for (; next < end && !format.Separators.Contains(buffer[next]); next++)
            wellFormed &= buffer[next] == ' ';
        if (!wellFormed)
            _unquotedLength = start;
        range = (~start, _unquotedLength - start);
        return wellFormed;
    }

    private void Append(char c)
    {
        if (_unquotedLength == _unquoted.Length)
            Array.Resize(ref _unquoted, 2 * _unquotedLength);
        _unquoted[_unquotedLength++] = c;
    }
}
