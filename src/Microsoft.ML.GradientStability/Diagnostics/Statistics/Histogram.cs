namespace Microsoft.ML.GradientStability;

/// <summary>How many values of a layer's gradient or weights have which magnitude.</summary>
/// <param name="Zero">Values that are 0.</param>
/// <param name="NonFinite">Values that are NaN or infinite.</param>
/// <param name="Decades">
/// Values of 10^d ≤ |x| &lt; 10^(d + 1), d from <see cref="LeastDecade"/> up to <see cref="GreatestDecade"/>; what is smaller or larger is in the
/// first or the last.
/// </param>
public sealed record Histogram(long Zero, long NonFinite, IReadOnlyList<long> Decades)
{
    /// <summary>−12.</summary>
    public const int LeastDecade = -12;

    /// <summary>3.</summary>
    public const int GreatestDecade = 3;

    internal static Histogram Of(ReadOnlySpan<float> values)
    {
        var (zero, bad, decades) = (0L, 0L, new long[GreatestDecade - LeastDecade + 1]);
        foreach (var value in values)
            if (value == 0)
                zero++;
            else if (!float.IsFinite(value))
                bad++;
            else
                decades[(int)Math.Clamp(Math.Floor(Math.Log10(Math.Abs((double)value))), LeastDecade, GreatestDecade) - LeastDecade]++;
        return new Histogram(zero, bad, decades);
    }
}
