using System.Numerics.Tensors;

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
        var gradients = parameters.GradientSpan;
        foreach (var slice in parameters.Parameters)
        {
            if (!slice.IsWeight || slice.Columns == 1)
                continue;
            for (var row = 0; row < slice.Rows; row++)
            {
                var unit = gradients.Slice(slice.Offset + row * slice.Columns, slice.Columns);
                TensorPrimitives.Subtract(unit, TensorPrimitives.Sum<float>(unit) / slice.Columns, unit);
            }
        }
    }
}
