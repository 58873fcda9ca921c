namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>A bad input, and how it is refused.</summary>
/// <param name="Area">The heading that it stands under in docs/bad-input.md.</param>
/// <param name="What">Its line there.</param>
/// <param name="Case">What is tried, of all that the line says.</param>
/// <param name="Call">Tries it.</param>
/// <param name="Error">The exception, exactly.</param>
/// <param name="Says">What the message must hold of every case of the line: pieces in order, with <c>…</c> between them.</param>
/// <param name="SaysToo">What it must hold beyond that.</param>
public sealed record BadInput(string Area, string What, string Case, Action Call, Type Error, string Says, string SaysToo)
{
    /// <summary>The cases of one line.</summary>
    public static IEnumerable<BadInput> Line<TError>(string area, string what, string says, params (string Case, Action Call, string SaysToo)[] cases)
        where TError : Exception =>
        cases.Select(c => new BadInput(area, what, c.Case, c.Call, typeof(TError), says, c.SaysToo));

    public override string ToString() => $"{Area}: {What} ({Case})";

    /// <summary>The first piece that a message lacks; <see langword="null"/> where it has all.</summary>
    public string? LackedBy(string message) => Lacked(Says, message) ?? Lacked(SaysToo, message);

    private static string? Lacked(string pieces, string message)
    {
        var from = 0;
        foreach (var piece in pieces.Split('…', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = message.IndexOf(piece, from, StringComparison.Ordinal);
            if (at < 0)
                return piece;
            from = at + piece.Length;
        }
        return null;
    }
}
