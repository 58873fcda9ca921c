using System.Text;

namespace Depth;

/// <summary>Runs trials for every cell of a table, and writes the tables as one page.</summary>
internal sealed class Page
{
    private readonly StringBuilder _tables = new();
    private readonly List<(string Title, string[] Columns, int[] Learnt, int Of)> _summary = [];

    private readonly Dictionary<(string Title, string Row, string Column), Trial> _trials = [];
    private readonly StringBuilder _theory = new();

    public int Trials => _trials.Count;

    /// <summary>A table that also goes into the summary: how many of its rows learnt, column by column.</summary>
    public void Grid<TRow, TColumn>(string title, string rowTitle, IReadOnlyList<TRow> rows, IReadOnlyList<TColumn> columns, Func<TRow, TColumn, Trial> run)
    {
        var trials = Table(Plain(title), rowTitle, rows, columns, run);
        _summary.Add((title, [.. columns.Select(c => $"{c}")], [.. columns.Select((_, c) => trials.Count(row => row[c].Learnt))], rows.Count));
    }

    /// <summary>A line of what theory says of the factor of one cell of a grid.</summary>
    public void Theory(object normalization, object activation, object initializer, string formula, double factor, string source) =>
        Row(_theory, [$"{activation}, {initializer}, normalization {normalization}", $"{formula} = {factor:F3}",
            $"{_trials[(Plain($"normalization {normalization}"), $"{activation}", $"{initializer}")].Factor:F3}", source]);

    public Trial[][] Table<TRow, TColumn>(string title, string rowTitle, IReadOnlyList<TRow> rows, IReadOnlyList<TColumn> columns, Func<TRow, TColumn, Trial> run)
    {
        var trials = rows.Select(row => columns.Select(column => Note(title, row, column, run(row, column))).ToArray()).ToArray();
        _tables.AppendLine().AppendLine($"## {title}").AppendLine();
        Row(_tables, [rowTitle, .. columns.Select(c => $"{c}")]);
        Row(_tables, Enumerable.Repeat("---", columns.Count + 1));
        for (var r = 0; r < rows.Count; r++)
            Row(_tables, [$"{rows[r]}", .. trials[r].Select(t => t.ToString())]);
        return trials;
    }

    public void Write(string path)
    {
        var page = new StringBuilder($"""
            # Deep networks: what keeps a gradient in scale

            Written by `build/bench.sh Depth` from {Trials} networks of {Trial.HiddenLayers} hidden layers of {Digits.Features} units on handwritten digits: batches of 64, Adam at {Trial.LearningRate},
            clipping at norm 1, {Trial.Epochs} epochs, one seed, a fifth of the digits held out. A cell reads *factor → accuracy*: the factor that a layer
            puts on the gradient on its way back at the first step, (‖g_first‖/‖g_last‖)^(1/{Trial.HiddenLayers - 1}), where 1 is healthy and 0.8 leaves
            {Math.Pow(0.8, Trial.HiddenLayers - 1):0.#####} of it; and the accuracy on the held-out digits, **bold** from {Trial.Bar:F2} on, 0.10 for guessing.

            ## How many of the {_summary[0].Of} activations reach {Trial.Bar:F2}


            """.ReplaceLineEndings("\n"));
        Row(page, ["", .. _summary[0].Columns]);
        Row(page, Enumerable.Repeat("---", _summary[0].Columns.Length + 1));
        foreach (var (title, _, learnt, _) in _summary)
            Row(page, [title, .. learnt.Select(n => $"{n}")]);
        page.AppendLine().AppendLine("## The factor of a layer, by theory and as measured").AppendLine();
        Row(page, ["network", "theory", "measured", "source"]);
        Row(page, Enumerable.Repeat("---", 4));
        File.WriteAllText(path, page.Append(_theory).Append(_tables).ToString().ReplaceLineEndings("\n"));
    }

    private Trial Note<TRow, TColumn>(string title, TRow row, TColumn column, Trial trial)
    {
        _trials[(title, $"{row}", $"{column}")] = trial;
        Console.WriteLine($"{title}: {row}, {column}: {trial}");
        return trial;
    }

    private static string Plain(string title) => $"Plain networks, {title}";

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.AppendLine($"| {string.Join(" | ", cells)} |");
}
