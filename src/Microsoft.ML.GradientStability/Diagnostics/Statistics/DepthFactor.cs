namespace Microsoft.ML.GradientStability;

/// <summary>
/// e^−b, where b is the slope of log ‖g_l‖ over the depth l by least squares: the factor a layer puts on the gradient that passes
/// back through it. 1 is healthy; below, gradients vanish; above, they explode.
/// </summary>
internal static class DepthFactor
{
    /// <param name="norms">A number a layer, from the input on; at least two.</param>
    public static double Of(ReadOnlySpan<double> norms)
    {
        var middle = (norms.Length - 1) / 2.0;
        double covariance = 0, variance = 0;
        for (var l = 0; l < norms.Length; l++)
        {
            covariance += (l - middle) * Math.Log(Math.Max(norms[l], float.Epsilon));
            variance += (l - middle) * (l - middle);
        }
        return Math.Exp(-covariance / variance);
    }
}
