namespace Microsoft.ML.Data;

/// <summary>
/// Text outlives its row, the buffer of a line does not, so each text becomes a string. Categories repeat from row to row: a text
/// that was seen lately needs no new one.
/// </summary>
internal sealed class TextCache
{
    private readonly string[] _recent = [.. Enumerable.Repeat("", 1024)];

    public ReadOnlyMemory<char> Keep(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return default;
        ref var recent = ref _recent[string.GetHashCode(text) & (_recent.Length - 1)];
        if (!text.SequenceEqual(recent))
            recent = text.ToString();
        return recent.AsMemory();
    }
}
