using Microsoft.ML.Data;

namespace Sunspots;

/// <summary>
/// A year as the roots of the twelve before it, and by how much the root of its own number is above the last of them. A root makes what is noise
/// about as large at a maximum as at a minimum, and a change goes on where numbers are greater than any before.
/// </summary>
internal sealed class Year
{
    /// <summary>Years that are looked back on.</summary>
    public const int Window = 12;

    [VectorType(Window)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    /// <param name="series">A number a year.</param>
    /// <param name="at">The year.</param>
    public static Year Of(double[] series, int at)
    {
        var roots = Enumerable.Range(1, Window).Select(lag => (float)Math.Sqrt(series[at - lag])).ToArray();
        return new Year { Features = roots, Label = (float)Math.Sqrt(series[at]) - roots[0] };
    }

    /// <summary>The number of sunspots that a score stands for.</summary>
    public static double Number(double[] series, int at, float score)
    {
        var root = Math.Max(Math.Sqrt(series[at - 1]) + score, 0);
        return root * root;
    }
}
