using System.Text;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>The losses of a learning-rate range test (Smith 2017), and the rate that they suggest.</summary>
[TypeFormatterSource]
public sealed class LearningRateCurve
{
    /// <summary>Steps at the beginning that show how much losses differ from batch to batch, with rates too low to learn by.</summary>
    internal const int FirstSteps = 10;

    /// <summary>Share of the fall that is passed over: up to there, differences between batches can be steeper than what is learnt.</summary>
    private const double Beginning = 0.25;

    private const int ChartRows = 24, ChartWidth = 48;

    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points, string? earlyEnd)
    {
        (Points, EarlyEnd) = (points, earlyEnd);
        if (points.Count < FirstSteps + 2)
        {
            Problem = Invariant($"{points.Count} steps are too few to judge{(earlyEnd is null ? "" : $": {earlyEnd}")}.");
            return;
        }
        var first = points.Take(FirstSteps).Select(p => p.Loss).ToArray();
        var mean = first.Average();
        var deviation = Math.Sqrt(first.Sum(loss => (loss - mean) * (loss - mean)) / (FirstSteps - 1));
        var lowest = FirstSteps;
        for (var i = FirstSteps; i < points.Count; i++)
            if (points[i].SmoothedLoss < points[lowest].SmoothedLoss)
                lowest = i;

        // A fall within the differences between batches is none.
        if (lowest > FirstSteps && mean - points[lowest].SmoothedLoss > deviation)
            Suggestion = points[Steepest(points, mean, lowest)].LearningRate;
        else
            Problem = Invariant($"the loss never fell: it was {mean:G3} ± {deviation:G2} over the first {FirstSteps} steps, and at its ")
                + Invariant($"lowest {points[lowest].SmoothedLoss:G3}. Begin at a lower rate, take more rows a step, or check that the ")
                + "features tell anything.";
    }

    /// <summary>A point a step, from the lowest rate on; all values are finite.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>
    /// The rate at which the smoothed loss fell most steeply over the logarithm of the rate, once it had left its first level for its
    /// lowest: one for the optimizer, and so the greatest of a schedule. <see langword="null"/> where there is none, see
    /// <see cref="Problem"/>.
    /// </summary>
    public double? Suggestion { get; }

    /// <summary>Why there is no suggestion; <see langword="null"/> where there is one.</summary>
    public string? Problem { get; }

    /// <summary>Why the test ended before the highest rate; <see langword="null"/> where it did not.</summary>
    public string? EarlyEnd { get; }

    /// <summary>A chart of the smoothed loss over the rate, and the suggestion.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("learning rate        loss\n");
        // A loss that explodes is cut off, or it would dwarf all others.
        var full = 1.25 * Points.Take(FirstSteps).Select(p => p.SmoothedLoss).DefaultIfEmpty().Max();
        var rows = Math.Min(ChartRows, Points.Count);
        for (var row = 0; row < rows; row++)
        {
            var (start, end) = (row * Points.Count / rows, (row + 1) * Points.Count / rows - 1);
            var (rate, loss) = (Points[end].LearningRate, Points[end].SmoothedLoss);
            var number = loss < 1e5 ? Invariant($"{loss:F4}") : Invariant($"{loss:0.0E+00}");
            var bar = loss > full ? new string('#', ChartWidth) + "…" : new string('#', (int)Math.Round(ChartWidth * loss / full));
            var mark = Suggestion >= Points[start].LearningRate && Suggestion <= rate ? " ← suggestion" : "";
            text.Append(Invariant($"{rate,13:0.0E+00}  {number,10}  {bar}{mark}\n"));
        }
        if (EarlyEnd is not null)
            text.Append(Invariant($"Ended after {Points.Count} steps: {EarlyEnd}.\n"));
        return text.Append(Suggestion is { } suggestion ? Invariant($"Suggestion: {suggestion:G2}") : $"No suggestion: {Problem}").ToString();
    }

    /// <summary>
    /// Rates grow by the same factor every step, so that differences of the loss, here over 6 of 100 steps, are slopes over their logarithm.
    /// </summary>
    private static int Steepest(IReadOnlyList<LearningRatePoint> points, double first, int lowest)
    {
        var reach = Math.Max(1, points.Count / 30);
        var left = first - Beginning * (first - points[lowest].SmoothedLoss);
        var steepest = lowest - 1;
        for (var i = lowest - 1; i >= FirstSteps; i--)
        {
            if (Slope(i) < Slope(steepest))
                steepest = i;
            if (points[i].SmoothedLoss >= left)
                break;
        }
        return steepest;

        double Slope(int i)
        {
            var (from, to) = (Math.Max(i - reach, 0), Math.Min(i + reach, points.Count - 1));
            return (points[to].SmoothedLoss - points[from].SmoothedLoss) / (to - from);
        }
    }
}
