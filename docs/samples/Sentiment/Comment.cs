using System.Text.RegularExpressions;
using Microsoft.ML.Data;

namespace Sentiment;

/// <summary>A comment as its words, in lower case, and whether it is toxic.</summary>
internal sealed partial class Comment
{
    /// <summary>Words of a comment, the first ones; where it has fewer, the rest is empty.</summary>
    public const int Length = 64;

    [VectorType(Length)]
    public string[] Features { get; set; } = [];

    public bool Label { get; set; }

    /// <param name="line">The label, 0 or 1, a tab and the text.</param>
    public static Comment Of(string line)
    {
        var words = Word().Matches(line[2..].ToLowerInvariant()).Select(match => match.Value).Take(Length).ToArray();
        return new Comment { Label = line[0] == '1', Features = [.. words, .. Enumerable.Repeat("", Length - words.Length)] };
    }

    [GeneratedRegex(@"[\p{L}']+|[!?]")]
    private static partial Regex Word();
}
