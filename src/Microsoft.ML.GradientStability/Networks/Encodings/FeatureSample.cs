namespace Microsoft.ML.GradientStability;

/// <summary>What an encoding is fitted to: some values of every feature, as the encoding will get them.</summary>
/// <param name="Features">Features a row.</param>
/// <param name="HasClasses">Whether targets are classes.</param>
/// <param name="Of">The values of a feature, from the least on, and the targets of their rows.</param>
internal sealed record FeatureSample(int Features, bool HasClasses, Func<int, (float[] Sorted, float[] Targets)> Of)
{
    /// <summary>The value that a share of the sorted values lies below, between neighbours in proportion.</summary>
    public static float Quantile(float[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? float.Lerp(sorted[below], sorted[below + 1], (float)(place - below)) : sorted[^1];
    }
}
