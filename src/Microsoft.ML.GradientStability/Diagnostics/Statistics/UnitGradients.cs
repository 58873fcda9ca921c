using System.Numerics.Tensors;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The gradients of a weight matrix unit by unit (rows × columns): which units get none, and whether all get the same one, so that
/// they stay alike for ever.
/// </summary>
internal static class UnitGradients
{
    /// <summary>Relative difference below which two units count as alike: the rounding of Single.</summary>
    private const double Alike = 1e-5;

    /// <summary>The units whose gradient is 0 throughout, ascending.</summary>
    public static int[] WithoutGradient(ReadOnlySpan<float> gradients, int units)
    {
        var columns = gradients.Length / units;
        var silent = new List<int>();
        for (var unit = 0; unit < units; unit++)
            if (!gradients.Slice(unit * columns, columns).ContainsAnyExcept(0f))
                silent.Add(unit);
        return [.. silent];
    }

    /// <summary>Whether there are at least two units, and every one gets the gradient of the first, which is not 0.</summary>
    public static bool AreAlike(ReadOnlySpan<float> gradients, int units)
    {
        var columns = gradients.Length / units;
        var first = gradients[..columns];
        var size = L2Norm.Of(first);
        if (units < 2 || size == 0 || !double.IsFinite(size))
            return false;
        for (var unit = 1; unit < units; unit++)
            if (!(TensorPrimitives.Distance(first, gradients.Slice(unit * columns, columns)) <= Alike * size))
                return false;
        return true;
    }
}
