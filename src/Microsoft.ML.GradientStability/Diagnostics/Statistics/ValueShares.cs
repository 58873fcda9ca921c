namespace Microsoft.ML.GradientStability;

/// <summary>What share of the values of a gradient is 0, what share is NaN or infinite, and the greatest magnitude of the others.</summary>
/// <param name="Zero">In [0, 1].</param>
/// <param name="NonFinite">In [0, 1].</param>
/// <param name="Greatest">max |g| over the finite values; 0 where there are none.</param>
internal readonly record struct ValueShares(double Zero, double NonFinite, double Greatest)
{
    public static ValueShares Of(ReadOnlySpan<float> values)
    {
        var (zero, bad, greatest) = (0, 0, 0f);
        foreach (var value in values)
        {
            var size = Math.Abs(value);
            if (size == 0)
                zero++;
            else if (!float.IsFinite(size))
                bad++;
            else if (size > greatest)
                greatest = size;
        }
        return new ValueShares((double)zero / values.Length, (double)bad / values.Length, greatest);
    }
}
