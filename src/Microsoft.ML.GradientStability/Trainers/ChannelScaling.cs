namespace Microsoft.ML.GradientStability;

/// <summary>
/// What scales the features before the first layer. Where rows have a shape, all positions of a channel get one mean and one scale, those of all of its
/// numbers, so that what a layer finds at one place looks the same at another. Tokens are not scaled.
/// </summary>
internal static class ChannelScaling
{
    /// <param name="rows">The training rows.</param>
    /// <param name="shape">Theirs; <see langword="null"/> for features that stand alone.</param>
    /// <param name="scaleOfConstants">The scale of what is constant.</param>
    /// <param name="numbers">Features that are numbers, the first ones; by default all.</param>
    /// <returns><see langword="null"/> where there is nothing to scale.</returns>
    public static (float[] Mean, float[] Scale, float[] Offset)? Of(RowStatistics rows, InputShape? shape, float scaleOfConstants, int? numbers = null)
    {
        if (numbers == 0)
            return null;
        if (shape is null)
            return rows.Scaling(scaleOfConstants, numbers);
        if (shape.IsTokens)
            return null;
        if (shape.VariesInLength)
            return rows.Scaling(scaleOfConstants);
        double[] sums = new double[shape.Channels], squares = new double[shape.Channels];
        for (var slot = 0; slot < rows.Width; slot++)
        {
            var (mean, deviation) = (rows.Mean(slot), rows.Deviation(slot));
            sums[shape.ChannelOf(slot)] += mean;
            squares[shape.ChannelOf(slot)] += deviation * deviation + mean * mean;
        }
        float[] means = new float[rows.Width], scales = new float[rows.Width], offsets = new float[rows.Width];
        for (var slot = 0; slot < rows.Width; slot++)
        {
            var channel = shape.ChannelOf(slot);
            var mean = sums[channel] / shape.Positions;
            var variance = squares[channel] / shape.Positions - mean * mean;
            // What is below is rounding of numbers that are all alike.
            if (variance <= 1e-12 * mean * mean)
                continue;
            means[slot] = (float)mean;
            scales[slot] = (float)Math.Min(1 / Math.Sqrt(variance), float.MaxValue);
            offsets[slot] = (float)((means[slot] - mean) * scales[slot]);
        }
        return (means, scales, offsets);
    }
}
