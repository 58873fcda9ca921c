using System.Globalization;

namespace Microsoft.ML.GradientStability;

/// <summary>What the displays of the console say.</summary>
internal static class ConsoleLine
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    public static string Of(Finding finding) =>
        $"  {finding.Severity.ToString().ToLowerInvariant()}: {finding.Kind} at {finding.Layer}, step {finding.Step}: {finding.Evidence}";

    public static string Of(FitEnd end) => $"  {end.End switch
    {
        "AllEpochs" => "trained all epochs",
        "StoppedEarly" => "stopped early: the held-out loss had stopped falling",
        "Cancelled" => "cancelled",
        _ => $"failed: {end.Error?.Message.Split('\n')[0].Trim()}",
    }}{(end.Summary is null ? "" : $": {end.Summary}")}";

    /// <summary>The parts of the live line, the most important first: what does not fit into the window is left out from the end.</summary>
    public static IEnumerable<string> Parts(TrainingProgress progress, double done, int findings, string course)
    {
        yield return $"{(progress.Fold is null ? "" : $"{progress.Fold}  ")}epoch {progress.Epoch}/{progress.Epochs}";
        yield return $"loss {Figure.Of(progress.Loss)}{(course.Length > 0 ? $" {course}" : "")}";
        yield return $"gradient {Figure.Of(progress.GradientNorm)}";
        yield return $"clipped {Figure.Share(progress.ClippedShare)}";
        if (findings > 0)
            yield return findings == 1 ? "1 finding" : $"{findings} findings";
        if (done is > 0 and < 1)
            yield return $"{Figure.Of(progress.Elapsed / done - progress.Elapsed)} left";
        yield return Figure.Of(progress.Elapsed);
    }

    /// <summary>The last values as blocks of their height, from the least of them to the greatest.</summary>
    public static string Sparkline(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length < 2)
            return "";
        var (least, greatest) = (finite.Min(), finite.Max());
        return string.Concat(finite.Select(value => Blocks[greatest == least ? 0 : (int)((value - least) / (greatest - least) * (Blocks.Length - 1))]));
    }

    /// <summary>A bar of so many cells.</summary>
    public static string Bar(double share, int cells)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * cells);
        return new string('━', full) + new string('─', cells - full);
    }

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share,3:0} %");
}
