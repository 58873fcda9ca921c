using System.Numerics.Tensors;

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
        var mean = (double)TensorPrimitives.Sum(values) / values.Length;
        var squares = TensorPrimitives.SumOfSquares(values) / (double)values.Length;
        values[..units].CopyTo(least);
        values[..units].CopyTo(greatest);
        for (var start = units; start < values.Length; start += units)
        {
            var row = values.Slice(start, units);
            TensorPrimitives.Min(least, row, least);
            TensorPrimitives.Max(greatest, row, greatest);
        }
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

    /// <summary>Whether a unit whose least and greatest value over the rows are these gives one number, but for the rounding of Single.</summary>
    internal static bool IsDead(float least, float greatest) => greatest - least <= 1e-6f * Math.Abs(greatest);
}
