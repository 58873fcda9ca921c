namespace Microsoft.ML.GradientStability;

/// <summary>
/// Gradient centralization (Yong et al. 2020): g ← g − mean(g) for the weights of every unit, the mean over its inputs. Biases and
/// scales are left alone, and so are units with one input, whose gradient is its own mean: nothing would be left of it.
/// Allocates nothing.
/// </summary>
internal static class GradientCentralization
{
    public static void Apply(FlatParameters parameters)
    {
        var gradients = parameters.Gradients;
        foreach (var slice in parameters.Parameters)
            if (slice.IsWeight && slice.Columns > 1)
                gradients.Slice(slice.Offset, slice.Length).CenterRows(slice.Columns);
    }
}
