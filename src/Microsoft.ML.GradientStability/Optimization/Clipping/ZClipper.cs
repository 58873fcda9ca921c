using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// ZClip (Kumar, Owen, Chowdhury and Güra 2025, "ZClip: Adaptive spike mitigation for LLM pre-training"): with the running mean μ and
/// standard deviation σ of the norm and z = (‖g‖ − μ)/(σ + ε), a gradient with z &gt; z_thres is scaled to the norm
/// n = μ + z_thres²·σ/z, the lower the wilder it is; else n = ‖g‖. Then μ ← α·μ + (1 − α)·n and σ² ← α·σ² + (1 − α)·(n − μ)².
/// Both start as those of the first steps, and besides no norm exceeds <see cref="MaxNorm"/>. A gradient of 0 is left out.
/// </summary>
public sealed record ZClipper : GradientClipper
{
    private readonly double _zThreshold = 2.5;
    private readonly double? _maxNorm = 1;
    private readonly double _alpha = 0.97;
    private readonly double _epsilon = 1e-6;
    private readonly int _warmUpSteps = 25;

    [JsonConstructor]
    internal ZClipper() { }

    /// <summary>z_thres, above 0. Default 2.5.</summary>
    public double ZThreshold { get => _zThreshold; init => _zThreshold = Check.Positive(value, nameof(ZThreshold)); }

    /// <summary>
    /// A bound on the norm besides, from the first step on, above 0, in the unit of the gradient; <see langword="null"/> for none.
    /// Default 1. It does not enter μ and σ.
    /// </summary>
    public double? MaxNorm { get => _maxNorm; init => _maxNorm = value is { } norm ? Check.Positive(norm, nameof(MaxNorm)) : null; }

    /// <summary>α, the weight of the past in μ and σ², in [0, 1). Default 0.97.</summary>
    public double Alpha { get => _alpha; init => _alpha = Check.InRange(value, 0, 1, nameof(Alpha), upperIncluded: false); }

    /// <summary>ε, above 0, in the unit of the gradient. Default 1e-6.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>First steps whose mean and variance μ and σ² start as, at least 2. Default 25.</summary>
    public int WarmUpSteps { get => _warmUpSteps; init => _warmUpSteps = Check.AtLeast(value, 2, nameof(WarmUpSteps)); }

    internal override bool BoundsSteps => MaxNorm is not null;

    internal override State Start(FlatParameters parameters) => new Spikes(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"ZClip({ZThreshold}{(MaxNorm is { } norm ? Invariant($", norm {norm}") : "")})");

    private sealed class Spikes(ZClipper rule, FlatParameters parameters) : State
    {
        private readonly double _maxNorm = rule.MaxNorm ?? double.PositiveInfinity;
        private double _mean;
        private double _variance;
        private int _seen;

        public override bool Clip(double norm)
        {
            if (norm == 0)
                return false;
            var limit = _seen < rule.WarmUpSteps ? WarmUp(norm) : Track(norm);
            return Shrink(parameters, Math.Min(limit, _maxNorm) / norm);
        }

        /// <summary>Welford's mean and variance of the first norms.</summary>
        private double WarmUp(double norm)
        {
            _seen++;
            var difference = norm - _mean;
            _mean += difference / _seen;
            _variance += (difference * (norm - _mean) - _variance) / _seen;
            return norm;
        }

        private double Track(double norm)
        {
            var deviation = Math.Sqrt(_variance);
            var z = (norm - _mean) / (deviation + rule.Epsilon);
            if (z > rule.ZThreshold)
                norm = _mean + rule.ZThreshold * rule.ZThreshold / z * deviation;
            _mean = rule.Alpha * _mean + (1 - rule.Alpha) * norm;
            _variance = rule.Alpha * _variance + (1 - rule.Alpha) * (norm - _mean) * (norm - _mean);
            return norm;
        }
    }
}
