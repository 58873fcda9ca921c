namespace Microsoft.ML.GradientStability;

/// <summary>
/// Which rows are held out for judging: one at random of every 1/fraction rows, decided by seed and row number alone, so that data in
/// memory and data that streams are split alike.
/// </summary>
internal readonly struct HeldOutRows(double fraction, int seed)
{
    /// <param name="row">From 0.</param>
    public bool Contains(long row)
    {
        if (fraction <= 0)
            return false;
        // A block holds the rows whose number times the fraction has the same whole part; rounding can miss by one.
        var block = (long)(row * fraction);
        while (row < First(block))
            block--;
        while (row >= First(block + 1))
            block++;
        var first = First(block);
        return row == first + (long)(Hash(block) % (ulong)(First(block + 1) - first));
    }

    /// <summary>Of a block; a number that is whole but for its rounding is whole.</summary>
    private long First(long block) => (long)Math.Ceiling(block / fraction * (1 - 1e-12));

    private ulong Hash(long block)
    {
        var state = unchecked((ulong)block * 0x9E3779B97F4A7C15 + (ulong)seed * 0xD1B54A32D192ED03);
        return SplitMix64.Next(ref state);
    }
}
