namespace Microsoft.ML.GradientStability;

/// <summary>
/// What scales the features before the first layer. Where rows have a shape, all positions of a channel get one mean and one scale, those of all of its
/// numbers, so that what a layer finds at one place looks the same at another. Tokens are not scaled.
/// </summary>
internal static class ChannelScaling
{
    /// <param name="rows">The training rows.</param>
    /// <param name="network">Which knows the form of a row.</param>
    /// <param name="scaleOfConstants">The scale of what is constant.</param>
    /// <param name="width">Features of a row.</param>
    /// <returns>Of the numbers in their order, of a step where rows have different lengths; <see langword="null"/> where there is nothing to scale.</returns>
    public static (float[] Mean, float[] Scale, float[] Offset)? Of(RowStatistics rows, Network network, float scaleOfConstants, int width)
    {
        if (network.Shape is not { } shape)
            return network.NumbersOf(width) is > 0 and var numbers ? rows.Scaling(scaleOfConstants, ..numbers) : null;
        var column = shape.IsTokens ? default : shape.VariesInLength ? rows.Scaling(scaleOfConstants, network.Before..) : Of(rows, shape, network.Before);
        var beside = network.Before - network.Categories.Sum(keys => keys.Slots) is > 0 and var before ? rows.Scaling(scaleOfConstants, ..before) : default;
        return column.Mean is null ? beside.Mean is null ? null : beside
            : beside.Mean is null ? column
            : ([.. beside.Mean, .. column.Mean], [.. beside.Scale, .. column.Scale], [.. beside.Offset, .. column.Offset]);
    }

    /// <param name="rows">The training rows.</param>
    /// <param name="shape">Of what they end with.</param>
    /// <param name="first">The first feature of that.</param>
    public static (float[] Mean, float[] Scale, float[] Offset) Of(RowStatistics rows, InputShape shape, int first = 0)
    {
        double[] sums = new double[shape.Channels], squares = new double[shape.Channels];
        for (var slot = 0; slot < shape.Size; slot++)
        {
            var (mean, deviation) = (rows.Mean(first + slot), rows.Deviation(first + slot));
            sums[shape.ChannelOf(slot)] += mean;
            squares[shape.ChannelOf(slot)] += deviation * deviation + mean * mean;
        }
        float[] means = new float[shape.Size], scales = new float[shape.Size], offsets = new float[shape.Size];
        for (var slot = 0; slot < shape.Size; slot++)
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
