using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What is done to a gradient that is too large, after it was observed and before the optimizer uses it.
/// One sealed record a method; the static members name them.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(NoClipper), "None")]
[JsonDerivedType(typeof(NormClipper), "Norm")]
[JsonDerivedType(typeof(ValueClipper), "Value")]
[JsonDerivedType(typeof(ParameterNormClipper), "ParameterNorm")]
[JsonDerivedType(typeof(AdaptiveClipper), "Adaptive")]
[JsonDerivedType(typeof(AutoClipper), "AutoClip")]
[JsonDerivedType(typeof(ZClipper), "ZClip")]
[JsonDerivedType(typeof(AdaGcClipper), "AdaGc")]
public abstract record GradientClipper
{
    private protected GradientClipper() { }

    /// <summary>Gradients are used as they are.</summary>
    public static NoClipper None { get; } = new();

    /// <summary>Scales the whole gradient down where its L2 norm exceeds <paramref name="maxNorm"/>.</summary>
    /// <param name="maxNorm">τ, above 0, in the unit of the gradient. Default 1 (Pascanu et al. 2013).</param>
    public static NormClipper Norm(double maxNorm = 1) => new() { MaxNorm = maxNorm };

    /// <summary>Holds every component of the gradient within ±<paramref name="maxValue"/>.</summary>
    /// <param name="maxValue">c, above 0, in the unit of the gradient. Default 5, that of char-rnn (Karpathy 2015).</param>
    public static ValueClipper Value(double maxValue = 5) => new() { MaxValue = maxValue };

    /// <summary>Scales the gradient of each parameter tensor down where its own L2 norm exceeds <paramref name="maxNorm"/>.</summary>
    /// <param name="maxNorm">τ, above 0, in the unit of the gradient. Default 1.</param>
    public static ParameterNormClipper ParameterNorm(double maxNorm = 1) => new() { MaxNorm = maxNorm };

    /// <summary>AGC: holds the gradient of each unit below a share of the norm of its weights.</summary>
    /// <param name="clipFactor">λ, above 0. Default 0.01 (Brock et al. 2021).</param>
    public static AdaptiveClipper Adaptive(double clipFactor = 0.01) => new() { ClipFactor = clipFactor };

    /// <summary>AutoClip: scales the whole gradient down to a percentile of all norms seen so far.</summary>
    /// <param name="percentile">p, in [0, 100]. Default 10 (Seetharaman et al. 2020).</param>
    public static AutoClipper AutoClip(double percentile = 10) => new() { Percentile = percentile };

    /// <summary>ZClip: scales the whole gradient down where its norm is an outlier among the recent ones.</summary>
    /// <param name="zThreshold">Standard deviations above the running mean that make an outlier, above 0. Default 2.5 (Kumar et al. 2025).</param>
    /// <param name="maxNorm">A bound on the norm besides, above 0; <see langword="null"/> for none. Default 1.</param>
    public static ZClipper ZClip(double zThreshold = 2.5, double? maxNorm = 1) => new() { ZThreshold = zThreshold, MaxNorm = maxNorm };

    /// <summary>AdaGC: scales the gradient of each parameter tensor down where its norm exceeds its own running mean.</summary>
    /// <param name="relativeThreshold">λ_rel, the allowed multiple of that mean, at least 1. Default 1.05 (Wang et al. 2025).</param>
    /// <param name="absoluteThreshold">λ_abs, the bound on the whole norm during the warm-up, above 0. Default 1.</param>
    public static AdaGcClipper AdaGc(double relativeThreshold = 1.05, double absoluteThreshold = 1) =>
        new() { RelativeThreshold = relativeThreshold, AbsoluteThreshold = absoluteThreshold };

    /// <summary>
    /// Whether it keeps every step in bounds whatever the gradients are, from the first step on. A limit that is taken from the
    /// gradients themselves is none: where they explode at once, it lies as high as they do.
    /// </summary>
    internal abstract bool BoundsSteps { get; }

    /// <summary>Whether it looks at all weights of a unit at once, and so at the slots that a step does not have.</summary>
    internal virtual bool TakesWholeUnits => false;

    /// <summary>Starts to clip in one fit; the returned object holds what must be remembered between its steps.</summary>
    internal abstract State Start(FlatParameters parameters);

    /// <summary>One method at work in one fit.</summary>
    internal abstract class State
    {
        /// <summary>Clips the gradients in place; <see langword="true"/> where it changed them. Allocates nothing.</summary>
        /// <param name="norm">Their L2 norm, finite.</param>
        public abstract bool Clip(double norm);

        /// <summary>g ← factor·g for all of g where that makes it smaller; <see langword="true"/> where it did.</summary>
        protected static bool Shrink(FlatParameters parameters, double factor)
        {
            var single = (float)factor;
            if (!(single < 1))
                return false;
            parameters.ScaleGradients(single);
            return true;
        }
    }
}
