namespace Microsoft.ML.GradientStability;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"): numbers that differ in one bit come out unrelated.
/// </summary>
internal static class SplitMix64
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>The next number of the stream, and its state after it.</summary>
    public static ulong Next(ref ulong state)
    {
        state = unchecked(state + Gamma);
        var z = state;
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>One number that stands for both.</summary>
    public static ulong Mix(ulong first, ulong second)
    {
        var state = first;
        state = Next(ref state) ^ second;
        return Next(ref state);
    }
}
