namespace Microsoft.ML.GradientStability;

/// <summary>One layer at one step.</summary>
/// <param name="GradientNorm">L2 norm of its raw gradient.</param>
/// <param name="GreatestGradient">Greatest magnitude of the gradient the optimizer got, over the finite ones.</param>
/// <param name="ZeroShare">Share of those that are 0, in [0, 1].</param>
/// <param name="WeightNorm">L2 norm of its parameters after the step.</param>
/// <param name="UpdateRatio">‖Δw‖/‖w‖ of the step as it was taken; about 0.001 is usual.</param>
public readonly record struct LayerStatistics(double GradientNorm, double GreatestGradient, double ZeroShare, double WeightNorm, double UpdateRatio)
{
    /// <summary>The units whose weights get no gradient at all, from 0, ascending; empty where every unit gets some.</summary>
    public IReadOnlyList<int> SilentUnits { get; init; } = [];

    /// <summary>Of its gradient, where <c>Histograms</c> are asked for.</summary>
    public Histogram? Gradients { get; init; }

    /// <summary>Of its parameters after the step, where <c>Histograms</c> are asked for.</summary>
    public Histogram? Weights { get; init; }
}
