namespace Microsoft.ML.Data;

/// <summary>Reads lines into one buffer, without a string a line.</summary>
internal sealed class TextLines(TextReader reader) : IDisposable
{
    private int _next;
    private int _end;
    private bool _readAll;

    public char[] Buffer { get; private set; } = new char[1 << 14];

    public int Start { get; private set; }

    public int Length { get; private set; }

    /// <summary>The number of the line, counted from 1.</summary>
    public long Number { get; private set; }

    public ReadOnlySpan<char> Current => Buffer.AsSpan(Start, Length);

    public bool MoveNext()
    {
        var scanned = 0;
        while (true)
        {
            var rest = Buffer.AsSpan(_next, _end - _next);
            var stop = rest[scanned..].IndexOfAny('\r', '\n') + scanned;
            var found = stop >= scanned;
            // Whether a carriage return at the end of the buffer stands alone shows only after the next read.
            if (found && (_readAll || rest[stop] == '\n' || stop + 1 < rest.Length))
            {
                Take(stop, stop + (rest[stop] == '\r' && stop + 1 < rest.Length && rest[stop + 1] == '\n' ? 2 : 1));
                return true;
            }
            if (_readAll)
            {
                if (rest.IsEmpty)
                    return false;
                Take(rest.Length, rest.Length);
                return true;
            }
            scanned = found ? stop : rest.Length;
            Fill();
        }
    }

    public void Dispose() => reader.Dispose();

    private void Take(int length, int consumed)
    {
        (Start, Length) = (_next, length);
        _next += consumed;
        Number++;
    }

    private void Fill()
    {
        var rest = Buffer.AsSpan(_next, _end - _next);
        if (rest.Length == Buffer.Length)
        {
            var larger = new char[2 * Buffer.Length];
            rest.CopyTo(larger);
            Buffer = larger;
        }
        else
        {
            rest.CopyTo(Buffer);
        }
        (_next, _end) = (0, rest.Length);
        var read = reader.Read(Buffer, _end, Buffer.Length - _end);
        _readAll = read == 0;
        _end += read;
    }
}
