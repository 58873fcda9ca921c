using System.Text;

namespace Microsoft.ML.GradientStability;

/// <summary>A curve of a chart.</summary>
/// <param name="Name">In the key.</param>
/// <param name="Style">A class of the page's style, which gives its colour.</param>
/// <param name="Points">In the order of x; one that is not finite, or not positive on a logarithmic scale, leaves a gap.</param>
internal sealed record Line(string Name, string Style, IEnumerable<(double X, double Y)> Points);

/// <summary>Curves over steps or layers as inline SVG, findings marked by their numbers.</summary>
internal static class Chart
{
    private const double Width = 560, Height = 236, Left = 54, Right = 14, Top = 20, Bottom = 34;

    /// <param name="page">Is added to.</param>
    /// <param name="title">Above the chart, and its name to a screen reader.</param>
    /// <param name="xName">Below the horizontal axis.</param>
    /// <param name="lines">At least one.</param>
    /// <param name="x">First and last value of the horizontal axis.</param>
    /// <param name="marks">Findings, and where they belong on the horizontal axis.</param>
    /// <param name="log">Whether the vertical axis is logarithmic; <see langword="null"/> by the values.</param>
    public static void Write(StringBuilder page, string title, string xName, IReadOnlyList<Line> lines, (double From, double To) x,
        IReadOnlyList<(double X, Finding Finding)> marks, bool? log = null)
    {
        var xs = Scale.Whole(x.From, x.To, Left, Width - Right);
        var ys = Scale.Around(lines.SelectMany(line => line.Points.Select(point => point.Y)), Height - Bottom, Top, log);
        page.Append($"<figure><figcaption>{Text.Html(title)}");
        foreach (var line in lines)
            page.Append($"<span class=\"key {line.Style}\">{Text.Html(line.Name)}</span>");
        page.Append($"</figcaption>\n<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Text.Html(Describe(title, lines))}\">\n");
        Grid(page, xs, ys, xName);
        Marks(page, xs, marks);
        foreach (var line in lines)
            Curve(page, line, xs, ys, log == true);
        page.Append("</svg></figure>\n");
    }

    private static void Grid(StringBuilder page, Scale xs, Scale ys, string xName)
    {
        foreach (var (value, label) in ys.Ticks())
            page.Append($"<path class=\"grid\" d=\"M{Left} {Text.Px(ys.At(value))}H{Width - Right}\"/><text class=\"y\" x=\"{Left - 8}\" y=\"{Text.Px(ys.At(value) + 4)}\">{label}</text>\n");
        foreach (var (value, label) in xs.Ticks())
            page.Append($"<text class=\"x\" x=\"{Text.Px(xs.At(value))}\" y=\"{Height - Bottom + 16}\">{label}</text>\n");
        page.Append($"<text class=\"x name\" x=\"{Width - Right}\" y=\"{Height - 4}\">{xName}</text>\n");
    }

    /// <summary>A line where every finding belongs, its number above; numbers that would cover each other stand side by side.</summary>
    private static void Marks(StringBuilder page, Scale xs, IReadOnlyList<(double X, Finding Finding)> marks)
    {
        var free = 0.0;
        for (var i = 0; i < marks.Count; i++)
        {
            var (finding, x) = (marks[i].Finding, xs.At(marks[i].X));
            var badge = Math.Min(Math.Max(x, free), Width - 8);
            free = badge + 16;
            page.Append($"<g class=\"mark {Badge.Style(finding)}\"><title>{Text.Html($"{finding.Kind} at {finding.Layer}, step {finding.Step}")}</title>")
                .Append($"<path d=\"M{Text.Px(x)} {Top - 4}V{Height - Bottom}\"/><circle cx=\"{Text.Px(badge)}\" cy=\"9\" r=\"7.5\"/>")
                .Append($"<text x=\"{Text.Px(badge)}\" y=\"12.5\">{i + 1}</text></g>\n");
        }
    }

    /// <summary>Points without a gap between them are a line; one alone is a dot, by the round ends of a stroke.</summary>
    private static void Curve(StringBuilder page, Line line, Scale xs, Scale ys, bool log)
    {
        var (path, dots, run) = (new StringBuilder(), new StringBuilder(), new List<string>());
        foreach (var (x, y) in line.Points)
            if (double.IsFinite(y) && (!log || y > 0))
                run.Add($"{Text.Px(xs.At(x))} {Text.Px(ys.At(y))}");
            else
                End();
        End();
        page.Append($"<path class=\"line {line.Style}\" d=\"{path}\"/><path class=\"line dot {line.Style}\" d=\"{dots}\"/>\n");

        void End()
        {
            if (run.Count == 1)
                dots.Append($"M{run[0]}h0");
            else if (run.Count > 1)
                path.Append('M').AppendJoin('L', run);
            run.Clear();
        }
    }

    private static string Describe(string title, IReadOnlyList<Line> lines) => title + ": " + string.Join("; ",
        from line in lines
        let values = line.Points.Select(point => point.Y).Where(double.IsFinite).ToArray()
        select values.Length == 0 ? $"{line.Name}, no value" : $"{line.Name} from {Figure.Of(values[0])} to {Figure.Of(values[^1])}");
}
