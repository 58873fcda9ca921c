using System.Text;

namespace Microsoft.ML.GradientStability.Tests.BadInput;

/// <summary>The table as docs/bad-input.md shows it: a heading an area, a line for the cases that are alike.</summary>
internal static class BadInputPage
{
    private const int CasesShown = 4;

    public static string Of(IReadOnlyList<BadInput> inputs)
    {
        var page = new StringBuilder(
            """
            # Bad input

            Whatever no network can learn from is refused before training, by the kind of exception that ML.NET throws. The message says what is
            wrong, where (column, row, slot, option, place in a file) and what to do; code in it can be pasted into the pipeline, and
            tests do so. Rows and classes are counted from 1, slots from 0. Gradients that lead nowhere are a matter of their own: see [diagnostics](diagnostics.md).


            """);
        page.Append($"The tables are made of the cases in `test/Microsoft.ML.GradientStability/BadInput`, {inputs.Count} of them, which a test tries one by one;\n")
            .Append("`WRITE_DOCS=1 build/test.sh --filter Name~The_page_is_made_of_the_table` writes this page. Of a message they show the\n")
            .Append("pieces that it must hold, with … between them: what all cases of a line say, then what the first of them adds.\n");
        foreach (var area in inputs.GroupBy(i => i.Area))
        {
            page.Append($"\n## {area.Key}\n\n| what | tried | error | says |\n|---|---|---|---|\n");
            foreach (var line in area.GroupBy(i => i.What))
                page.Append($"| {Cell(line.Key)} | {Cell(Tried(line))} | `{line.First().Error.Name}` | {Cell(Said(line.First()))} |\n");
        }
        return page.ToString();
    }

    private static string Tried(IEnumerable<BadInput> line)
    {
        var cases = line.Select(i => i.Case).ToArray();
        var more = cases.Length - CasesShown;
        return string.Join("; ", cases.Take(CasesShown)) + (more > 0 ? $"; and {more} more" : "");
    }

    /// <summary>What all say, and what the first of them does beyond it.</summary>
    private static string Said(BadInput first) =>
        string.Join("; ", new[] { Code(first.Says), first.SaysToo == "" ? "" : $"{first.Case}: {Code(first.SaysToo)}" }.Where(part => part != ""));

    private static string Code(string text) => text == "" ? "" : $"`{text}`";

    private static string Cell(string text) => text.Replace("|", "\\|");
}
