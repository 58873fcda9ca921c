using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Microsoft.ML.GradientStability.Notebooks.Tests;

/// <summary>What a cell shows.</summary>
/// <param name="Kind">As notebooks name it: <c>stream</c>, <c>execute_result</c> or <c>display_data</c>.</param>
/// <param name="MimeType">Of the text.</param>
/// <param name="Text">What is shown.</param>
internal sealed partial record CellOutput(string Kind, string MimeType, string Text)
{
    /// <summary>Another processor rounds last bits otherwise, and training makes more of it: of a number so much, or that much of it, may differ.</summary>
    private const double Absolute = 0.02, Relative = 0.1;

    /// <summary>Where two outputs say something else; <see langword="null"/> where they say the same.</summary>
    public string? DifferenceFrom(CellOutput other)
    {
        if ((Kind, MimeType) != (other.Kind, other.MimeType))
            return $"{Kind} of {MimeType} in place of {other.Kind} of {other.MimeType}";
        var (here, there) = (Read(), other.Read());
        var (mine, theirs) = (Number().Replace(here, "#"), Number().Replace(there, "#"));
        if (mine != theirs)
        {
            var at = mine.Zip(theirs).TakeWhile(pair => pair.First == pair.Second).Count();
            return $"'{Around(mine, at)}' in place of '{Around(theirs, at)}'";
        }
        foreach (var (a, b) in Numbers(here).Zip(Numbers(there)))
            if (Math.Abs(a - b) > Math.Max(Absolute, Relative * Math.Max(Math.Abs(a), Math.Abs(b))))
                return FormattableString.Invariant($"{a} in place of {b} in '{there}'");
        return null;
    }

    /// <summary>What a person reads: without pictures, styles and tags, and without times and memory, which no two runs share.</summary>
    private string Read()
    {
        var text = Text;
        if (MimeType == "text/html")
            text = WebUtility.HtmlDecode(Tag().Replace(Hidden().Replace(Frame().Replace(text, frame => WebUtility.HtmlDecode(frame.Groups[1].Value)), ""), " "));
        return Space().Replace(OfTheRun().Replace(text, "…"), " ").Trim();
    }

    private static IEnumerable<double> Numbers(string text) => Number().Matches(text).Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture));

    private static string Around(string text, int at) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 60)];

    [GeneratedRegex(@"(?<![\w.])-?\d+(\.\d+)?([eE][-+]?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex("<iframe[^>]* srcdoc=\"([^\"]*)\"[^>]*></iframe>")]
    private static partial Regex Frame();

    [GeneratedRegex("<style>.*?</style>|<svg.*?</svg>|<tr><th scope=\"row\">diagnostics took</th>.*?</tr>|<details.*?</details>", RegexOptions.Singleline)]
    private static partial Regex Hidden();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[\d.,]+ (ms|s|min|h)\b|[\d,]+( rows a second| MiB|\s+rows a second)")]
    private static partial Regex OfTheRun();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
