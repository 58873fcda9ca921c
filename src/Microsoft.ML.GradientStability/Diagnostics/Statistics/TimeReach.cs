namespace Microsoft.ML.GradientStability;

/// <summary>
/// How far back a gradient reaches over the steps of a sequence: to the first step at which ‖∂L/∂x_t‖ is a thousandth of the greatest or more. Behind it a step of
/// training hears nothing of what stood there (Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013).
/// </summary>
/// <param name="Steps">From the last step back to that one, both counted.</param>
/// <param name="Length">All steps of a row; 0 where there are none, or nothing was measured.</param>
/// <param name="Factor">What a step puts on the gradient on its way back, from the greatest to the first step: geometric mean.</param>
/// <param name="HeardShare">Share of the steps at which ‖∂L/∂x_t‖ is a tenth of the greatest or more. Where it is less, noise from louder steps is ten times as large or
/// more, and to be told from it takes a hundred times as many rows.</param>
internal readonly record struct TimeReach(int Steps, int Length, double Factor, double HeardShare)
{
    private const double Reached = 1e-3;
    private const double Heard = 0.1;

    /// <summary>Whether it ends before the middle of the rows.</summary>
    public bool IsShort => Length > 1 && 2 * Steps < Length;

    /// <param name="norms">‖∂L/∂x_t‖ of every step, from the first on.</param>
    public static TimeReach Of(IReadOnlyList<double> norms)
    {
        var greatest = norms.DefaultIfEmpty().Max();
        if (!(greatest > 0) || !double.IsFinite(greatest))
            return default;
        var first = 0;
        while (norms[first] < Reached * greatest)
            first++;
        var peak = norms.ToList().IndexOf(greatest);
        var factor = peak == 0 ? 1 : Math.Exp(Math.Log(Math.Max(norms[0], double.Epsilon) / greatest) / peak);
        return new TimeReach(norms.Count - first, norms.Count, factor, (double)norms.Count(norm => norm >= Heard * greatest) / norms.Count);
    }
}
