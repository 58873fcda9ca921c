namespace Microsoft.ML.GradientStability;

/// <summary>
/// ‖Δw‖/‖w‖ of a step as it was really taken, by optimizer, clipping, schedule and regularizers together. About 1e-3 is usual (Karpathy,
/// CS231n).
/// </summary>
internal static class UpdateRatio
{
    /// <param name="before">The weights before the step.</param>
    /// <param name="after">The weights after it.</param>
    public static double Of(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        double norm = L2Norm.Of(before), moved = L2Norm.Distance(before, after);
        return moved == 0 ? 0 : norm == 0 ? double.PositiveInfinity : moved / norm;
    }
}
