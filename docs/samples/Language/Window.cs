using Microsoft.ML.Data;

namespace Language;

/// <summary>The characters before one of a text, and that one.</summary>
internal sealed class Window
{
    /// <summary>Characters of a window.</summary>
    public const int Length = 12;

    [VectorType(Length)]
    public string[] Features { get; set; } = [];

    public string Label { get; set; } = "";

    /// <summary>The windows of the characters from <paramref name="start"/>, at least 1, to before <paramref name="end"/>. Where fewer stand before a character, the rest is empty.</summary>
    public static IEnumerable<Window> Of(string text, int start, int end) =>
        Enumerable.Range(start, end - start).Select(i => Before(text, i, text[i].ToString()));

    /// <summary>The window behind the last character of a text.</summary>
    public static Window Behind(string text) => Before(text, text.Length, "");

    private static Window Before(string text, int position, string label)
    {
        var characters = new string[Length];
        for (var i = 0; i < Length; i++)
            characters[i] = position - Length + i is >= 0 and var at ? text[at].ToString() : "";
        return new Window { Features = characters, Label = label };
    }
}
