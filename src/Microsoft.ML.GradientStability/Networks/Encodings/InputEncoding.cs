using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The form in which the first layer gets the features. One sealed record an encoding; the static members name them. It is fitted to the
/// training rows behind <see cref="TrainingOptions.StandardizeFeatures"/>, and part of the model. Rows that are wide and sparse are not encoded.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(NoEncoding), "None")]
[JsonDerivedType(typeof(RobustEncoding), "Robust")]
[JsonDerivedType(typeof(PiecewiseLinearEncoding), "PiecewiseLinear")]
[JsonDerivedType(typeof(PeriodicEncoding), "Periodic")]
public abstract record InputEncoding
{
    private protected InputEncoding() { }

    /// <summary>The numbers as they are.</summary>
    public static NoEncoding None { get; } = new();

    /// <summary>Every feature around its median, in units of the middle of its values, outliers drawn in smoothly.</summary>
    public static RobustEncoding Robust { get; } = new();

    /// <summary>Beside every number how far it reaches through each of some bins, so that a layer can set thresholds.</summary>
    /// <param name="bins">Bins a feature at most, in [2, 256]. Default 16.</param>
    /// <param name="scale">The code of a bin that a number lies beyond, above 0. Default 1.</param>
    /// <param name="edges">Where bins end. Default <see cref="BinEdges.Quantiles"/>: as many rows in each.</param>
    public static PiecewiseLinearEncoding PiecewiseLinear(int bins = 16, double scale = 1, BinEdges edges = BinEdges.Quantiles) =>
        new() { Bins = bins, Scale = scale, Edges = edges };

    /// <summary>Beside every number waves of it, their frequencies learned, so that a layer can bend what it makes of the number again and again.</summary>
    /// <param name="frequencies">Waves a feature, each a sine and a cosine, in [1, 256]. Default 8.</param>
    /// <param name="greatest">The greatest of the first frequencies, in periods a standard deviation of the feature, above 0. Default 0.5.</param>
    public static PeriodicEncoding Periodic(int frequencies = 8, double greatest = 0.5) => new() { Frequencies = frequencies, Greatest = greatest };

    /// <summary>What it makes of these features; <see langword="null"/> where it leaves all of them as they are.</summary>
    internal abstract InputCode? Fit(FeatureSample features);

    /// <summary>The same of a file that was written before; by the names of its constants.</summary>
    internal abstract InputCode? Read(int features, Func<string, Array?> constants);
}
