using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability;

/// <summary>What one hidden layer gives for a batch, behind its activation.</summary>
/// <param name="Mean">Over rows and units.</param>
/// <param name="Spread">Standard deviation over the same.</param>
/// <param name="Saturated">
/// Share of values within a hundredth of the range of a function that is bounded on both sides of its bounds, where its slope is next to 0; 0 of other functions.
/// </param>
/// <param name="Dead">Share of units that give the same for every row, so that they say nothing.</param>
public readonly record struct ActivationStatistics(double Mean, double Spread, double Saturated, double Dead)
{
    private const double NearBound = 0.01;

    /// <param name="values">rows × units.</param>
    /// <param name="units">Columns.</param>
    /// <param name="bounds">What the function tends to on both sides; infinite where it has no bound.</param>
    /// <param name="least">Room for a number a unit.</param>
    /// <param name="greatest">The same.</param>
    internal static ActivationStatistics Of(ReadOnlySpan<float> values, int units, (double Least, double Greatest) bounds, Span<float> least, Span<float> greatest)
    {
        var (sum, squares) = Sums(values, units, least, greatest);
        var mean = sum / values.Length;
        squares /= values.Length;
        var dead = 0;
        for (var unit = 0; unit < units; unit++)
            if (IsDead(least[unit], greatest[unit]))
                dead++;
        var saturated = 0;
        var margin = NearBound * (bounds.Greatest - bounds.Least);
        if (double.IsFinite(margin))
        {
            var (low, high) = ((float)(bounds.Least + margin), (float)(bounds.Greatest - margin));
            foreach (var value in values)
                if (value < low || value > high)
                    saturated++;
        }
        return new ActivationStatistics(mean, Math.Sqrt(Math.Max(0, squares - mean * mean)), (double)saturated / values.Length, (double)dead / units);
    }

    /// <summary>Σx and Σx², and the least and greatest x of every unit, in one pass down the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Sum, double Squares) Sums(ReadOnlySpan<float> values, int units, Span<float> least, Span<float> greatest)
    {
        var (sum, squares, unit) = (0.0, 0.0, 0);
        for (; unit + Vector<float>.Count <= units; unit += Vector<float>.Count)
        {
            var (sums, squareSums, low) = (Vector<float>.Zero, Vector<float>.Zero, new Vector<float>(values[unit..]));
            var high = low;
            for (var at = unit; at < values.Length; at += units)
            {
                var x = new Vector<float>(values[at..]);
                sums += x;
                squareSums += x * x;
                low = Vector.MinNative(low, x);
                high = Vector.MaxNative(high, x);
            }
            low.CopyTo(least[unit..]);
            high.CopyTo(greatest[unit..]);
            sum += Vector.Sum(sums);
            squares += Vector.Sum(squareSums);
        }
        for (; unit < units; unit++)
        {
            (least[unit], greatest[unit]) = (values[unit], values[unit]);
            for (var at = unit; at < values.Length; at += units)
            {
                sum += values[at];
                squares += (double)values[at] * values[at];
                (least[unit], greatest[unit]) = (Math.Min(least[unit], values[at]), Math.Max(greatest[unit], values[at]));
            }
        }
        return (sum, squares);
    }

    /// <summary>Whether a unit whose least and greatest value over the rows are these gives one number, but for the rounding of Single.</summary>
    internal static bool IsDead(float least, float greatest) => greatest - least <= 1e-6f * Math.Abs(greatest);
}
