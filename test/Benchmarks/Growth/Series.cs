using static System.FormattableString;

namespace Growth;

/// <summary>What grows, all else the same.</summary>
/// <param name="Name">In words.</param>
/// <param name="Sizes">What it is at each point.</param>
/// <param name="Make">The point of a size.</param>
/// <param name="PerRow">Whether the time of a fit is told, not that of a step.</param>
/// <param name="Expected">The exponent of the time in the upper half, by the arithmetic that is to be done.</param>
internal sealed record Series(string Name, int[] Sizes, Func<int, Point> Make, bool PerRow, double Expected)
{
    public static Series[] All { get; } =
    [
        new("depth, layers of 32 units", [10, 30, 100, 300, 1000], size => new(size, 32, 640, 16, 10, 32, 9), false, 1),
        new("width, two layers", [64, 128, 256, 512, 1024, 2048], size => new(2, size, 640, 64, 10, 64, 9), false, 2),
        new("features, 32 units", [10, 100, 1_000, 10_000, 100_000], size => new(1, 32, 320, size, 10, 32, 9), false, 1),
        new("classes, 64 units", [2, 10, 100, 1_000, 10_000], size => new(1, 64, 2_560, 16, size, 64, 9), false, 1),
        new("rows, 10 features, an epoch, streamed beyond 64 MiB", [1_000, 10_000, 100_000, 1_000_000, 10_000_000], size => new(1, 16, size, 10, 3, 256, 1), true, 1),
    ];

    /// <summary>Lines of the page.</summary>
    /// <param name="page">The page's file, beside which pictures are written; null for none.</param>
    public IEnumerable<string> Measure(string? page)
    {
        yield return "";
        yield return $"## {char.ToUpperInvariant(Name[0])}{Name[1..]}";
        yield return "";
        yield return PerRow ? "| | fit, ms | µs a row | memory, MB |" : "| | step, µs | rest of the fit, ms | memory, MB |";
        yield return "| --- | --- | --- | --- |";
        var done = new List<(double Size, Measurement Measured)>();
        foreach (var size in Sizes)
        {
            var measured = Measurement.InAProcess(Make(size));
            done.Add((size, measured));
            yield return PerRow
                ? Invariant($"| {size:N0} | {measured.Fit / 1e3:N0} | {measured.Fit / size:F2} | {measured.Memory / 1e6:N0} |")
                : Invariant($"| {size:N0} | {measured.Step:N0} | {(measured.Fit - measured.Step * measured.Steps) / 1e3:N0} | {measured.Memory / 1e6:N0} |");
        }
        yield return Invariant($"| exponent | **{Exponent(done, point => PerRow ? point.Fit : point.Step):F2}** of {Expected:F0} | | {Exponent(done, point => point.Memory):F2} |");
        if (page is null)
            yield break;
        var image = $"images/growth-{Name[..Name.IndexOf(',')]}.svg";
        Plot.Write(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(page))!, image), Name, [.. done.Select(point => (point.Size, PerRow ? point.Measured.Fit / 1e3 : point.Measured.Step))],
            PerRow ? "fit, ms" : "step, µs", [.. done.Where(point => point.Measured.Memory > Measurement.LeastMemory).Select(point => (point.Size, point.Measured.Memory / 1e6))]);
        yield return "";
        yield return $"![Time and memory by {Name}, logarithmic axes]({image})";
    }

    /// <summary>The slope of the straight line through the logarithms of the last three points, by least squares.</summary>
    private static double Exponent(IReadOnlyList<(double Size, Measurement Measured)> points, Func<Measurement, double> value)
    {
        var last = points.TakeLast(3).Select(point => (X: Math.Log(point.Size), Y: Math.Log(value(point.Measured)))).ToArray();
        var (x, y) = (last.Average(point => point.X), last.Average(point => point.Y));
        return last.Sum(point => (point.X - x) * (point.Y - y)) / last.Sum(point => (point.X - x) * (point.X - x));
    }
}
