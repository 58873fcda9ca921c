namespace Microsoft.ML.GradientStability;

/// <summary>Expectations over the standard normal distribution.</summary>
internal static class Gaussian
{
    private const int Points = 800;
    private const double Bound = 8;

    /// <summary>E[f(z)], by the midpoint rule on [−8, 8]; 0, where activations have their kinks, lies between two points.</summary>
    public static double Mean(Func<double, double> f)
    {
        var sum = 0.0;
        var weights = 0.0;
        for (var i = 0; i < Points; i++)
        {
            var z = Bound * ((2.0 * i + 1) / Points - 1);
            var density = Math.Exp(-z * z / 2);
            sum += density * f(z);
            weights += density;
        }
        return sum / weights;
    }

    /// <summary>The error function, to 1.5e-7 (Abramowitz and Stegun 1964, formula 7.1.26).</summary>
    public static double Erf(double x)
    {
        var t = 1 / (1 + 0.3275911 * Math.Abs(x));
        var tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-x * x);
        return Math.CopySign(1 - tail, x);
    }
}
