using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// AdaGC (Wang et al. 2025, "AdaGC: Improving training stability for large language model pretraining"): each parameter tensor i has a
/// running mean γ_i of its own clipped norms, and g_i ← g_i·λ_rel·γ_i/‖g_i‖ where that factor is below 1, then
/// γ_i ← β·γ_i + (1 − β)·‖g_i‖. In the first steps the whole gradient is held at the norm λ_abs instead, and γ_i is the least norm that
/// the tensor had. A tensor without any gradient, such as those behind a closed gate, leaves its γ_i as it is.
/// </summary>
public sealed record AdaGcClipper : GradientClipper
{
    private readonly double _relativeThreshold = 1.05;
    private readonly double _absoluteThreshold = 1;
    private readonly double _beta = 0.98;
    private readonly int _warmUpSteps = 100;

    [JsonConstructor]
    internal AdaGcClipper() { }

    /// <summary>λ_rel, at least 1. Default 1.05.</summary>
    public double RelativeThreshold
    {
        get => _relativeThreshold;
        init => _relativeThreshold = Check.AtLeast(value, 1.0, nameof(RelativeThreshold));
    }

    /// <summary>λ_abs, above 0, in the unit of the gradient. Default 1.</summary>
    public double AbsoluteThreshold
    {
        get => _absoluteThreshold;
        init => _absoluteThreshold = Check.Positive(value, nameof(AbsoluteThreshold));
    }

    /// <summary>β, the weight of the past in γ, in [0, 1). Default 0.98.</summary>
    public double Beta { get => _beta; init => _beta = Check.InRange(value, 0, 1, nameof(Beta), upperIncluded: false); }

    /// <summary>First steps, with λ_abs, at least 1. Default 100.</summary>
    public int WarmUpSteps { get => _warmUpSteps; init => _warmUpSteps = Check.AtLeast(value, 1, nameof(WarmUpSteps)); }

    /// <summary>γ starts at λ_abs or below and grows by the factor β + (1 − β)·λ_rel a step at most, 1.001 with the defaults.</summary>
    internal override bool BoundsSteps => true;

    internal override State Start(FlatParameters parameters) => new Tensors(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"AdaGc({RelativeThreshold}, {AbsoluteThreshold})");

    private sealed class Tensors : State
    {
        private readonly AdaGcClipper _rule;
        private readonly FlatParameters _parameters;
        private readonly double[] _means;
        private readonly double[] _norms;
        private int _seen;

        public Tensors(AdaGcClipper rule, FlatParameters parameters)
        {
            (_rule, _parameters) = (rule, parameters);
            (_means, _norms) = (new double[parameters.Parameters.Length], new double[parameters.Parameters.Length]);
            // In the warm-up no norm is above λ_abs: as good a start as the first norm, and a bound where there is none yet.
            Array.Fill(_means, rule.AbsoluteThreshold);
        }

        public override bool Clip(double norm)
        {
            if (norm == 0)
                return false;
            var warmsUp = _seen < _rule.WarmUpSteps;
            var clipped = false;
            if (warmsUp)
            {
                _seen++;
                clipped = Shrink(_parameters, _rule.AbsoluteThreshold / norm);
            }
            _parameters.Norms<FlatParameters.ParameterSlice>(_parameters.Parameters, _norms);
            for (var i = 0; i < _means.Length; i++)
            {
                var ownNorm = _norms[i];
                if (ownNorm == 0)
                    continue;
                if (warmsUp)
                {
                    _means[i] = Math.Min(_means[i], ownNorm);
                    continue;
                }
                var limit = _rule.RelativeThreshold * _means[i];
                clipped |= _parameters.GradientsOf(_parameters.Parameters[i]).Shrink(limit / ownNorm);
                _means[i] = _rule.Beta * _means[i] + (1 - _rule.Beta) * Math.Min(ownNorm, limit);
            }
            return clipped;
        }
    }
}
