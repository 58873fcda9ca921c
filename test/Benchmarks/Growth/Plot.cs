using System.Text;
using static System.FormattableString;

namespace Growth;

/// <summary>Time and memory against what grows, both axes logarithmic, as an SVG file: points with a line through them, ticks at powers of ten.</summary>
internal static class Plot
{
    private const int Left = 70, Top = 20, Width = 300, Height = 220, Between = 100;

    /// <summary>Two pictures side by side.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="what">What grows.</param>
    /// <param name="time">In the unit that <paramref name="timeTitle"/> names.</param>
    /// <param name="timeTitle">Of its axis.</param>
    /// <param name="memory">In megabytes.</param>
    public static void Write(string path, string what, (double X, double Y)[] time, string timeTitle, (double X, double Y)[] memory)
    {
        var svg = new StringBuilder();
        var (width, height) = (2 * (Left + Width) + Between, Top + Height + 60);
        svg.AppendLine(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">"));
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        Draw(svg, Left, what, time, timeTitle, "#1f6feb");
        Draw(svg, 2 * Left + Width + Between - Left / 2, what, memory, "memory, MB", "#bc4c00");
        svg.AppendLine("</svg>");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, svg.ToString());
    }

    private static void Draw(StringBuilder svg, double left, string xTitle, (double X, double Y)[] points, string yTitle, string color)
    {
        var (x, y) = (Range(points.Select(point => point.X)), Range(points.Select(point => point.Y)));
        svg.AppendLine(Invariant($"<rect x=\"{left}\" y=\"{Top}\" width=\"{Width}\" height=\"{Height}\" fill=\"none\" stroke=\"#888\"/>"));
        for (var power = x.First; power <= x.Last; power++)
        {
            svg.AppendLine(Invariant($"<line x1=\"{X(power):F1}\" x2=\"{X(power):F1}\" y1=\"{Top}\" y2=\"{Top + Height}\" stroke=\"#ddd\"/>"));
            svg.AppendLine(Invariant($"<text x=\"{X(power):F1}\" y=\"{Top + Height + 16}\" text-anchor=\"middle\">{Power(power)}</text>"));
        }
        for (var power = y.First; power <= y.Last; power++)
        {
            svg.AppendLine(Invariant($"<line x1=\"{left}\" x2=\"{left + Width}\" y1=\"{Y(power):F1}\" y2=\"{Y(power):F1}\" stroke=\"#ddd\"/>"));
            svg.AppendLine(Invariant($"<text x=\"{left - 6}\" y=\"{Y(power) + 4:F1}\" text-anchor=\"end\">{Power(power)}</text>"));
        }
        var line = string.Join(' ', points.Select(point => Invariant($"{X(Math.Log10(point.X)):F1},{Y(Math.Log10(point.Y)):F1}")));
        svg.AppendLine(Invariant($"<polyline points=\"{line}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>"));
        foreach (var (at, value) in points)
            svg.AppendLine(Invariant($"<circle cx=\"{X(Math.Log10(at)):F1}\" cy=\"{Y(Math.Log10(value)):F1}\" r=\"4\" fill=\"{color}\"/>"));
        svg.AppendLine(Invariant($"<text x=\"{left + Width / 2}\" y=\"{Top + Height + 40}\" text-anchor=\"middle\">{xTitle}</text>"));
        svg.AppendLine(Invariant($"<text x=\"{left}\" y=\"{Top - 6}\">{yTitle}</text>"));

        double X(double power) => left + Width * (power - x.First) / (x.Last - x.First);
        double Y(double power) => Top + Height * (1 - (power - y.First) / (y.Last - y.First));
    }

    /// <summary>The powers of ten that hold all values.</summary>
    private static (int First, int Last) Range(IEnumerable<double> values)
    {
        var logs = values.Select(Math.Log10).ToArray();
        var first = (int)Math.Floor(logs.Min());
        return (first, Math.Max(first + 1, (int)Math.Ceiling(logs.Max())));
    }

    private static string Power(int power) => power is >= 0 and <= 3 ? Invariant($"{Math.Pow(10, power):F0}") : $"10<tspan dy=\"-4\" font-size=\"9\">{power}</tspan>";
}
