namespace Microsoft.ML.GradientStability;

/// <summary>Lists in messages: a few entries and a count, however long the list; a line on a log is there to be read.</summary>
internal static class Listing
{
    private const int MostEntries = 10;
    private const int MostCharacters = 100;

    /// <param name="entries">Read no further than they are listed.</param>
    /// <param name="count">How many there are.</param>
    public static string Of(IEnumerable<string> entries, long count)
    {
        var listed = string.Join(", ", entries.Take(MostEntries).Select(Short));
        return count > MostEntries ? $"{listed} and {count - MostEntries} more" : listed;
    }

    /// <summary>A text, cut where it is long.</summary>
    public static string Short(string text) => text.Length <= MostCharacters ? text : $"{text[..MostCharacters]}…";
}
