using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Clipping by norm, tensor by tensor: the rule of <see cref="NormClipper"/> (Pascanu, Mikolov and Bengio 2013),
/// g ← g·τ/(‖g‖ + 1e-6) where that factor is below 1, for every weight matrix, bias and scale on its own. The direction is kept within
/// a tensor, not over all of them; a spike in one layer takes nothing from the others.
/// </summary>
public sealed record ParameterNormClipper : GradientClipper
{
    private readonly double _maxNorm = 1;

    [JsonConstructor]
    internal ParameterNormClipper() { }

    /// <summary>τ, above 0, in the unit of the gradient. Default 1.</summary>
    public double MaxNorm { get => _maxNorm; init => _maxNorm = Check.Positive(value, nameof(MaxNorm)); }

    internal override bool BoundsSteps => true;

    internal override State Start(FlatParameters parameters) => new Tensors(MaxNorm, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"ParameterNorm({MaxNorm})");

    private sealed class Tensors(double maxNorm, FlatParameters parameters) : State
    {
        private readonly double[] _norms = new double[parameters.Parameters.Length];

        public override bool Clip(double norm)
        {
            var clipped = false;
            parameters.Norms<FlatParameters.ParameterSlice>(parameters.Parameters, _norms);
            for (var i = 0; i < _norms.Length; i++)
                clipped |= parameters.GradientsOf(parameters.Parameters[i]).Shrink(maxNorm / (_norms[i] + 1e-6));
            return clipped;
        }
    }
}
