using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Adaptive gradient clipping, AGC (Brock, De, Smith and Simonyan 2021, "High-performance large-scale image recognition without
/// normalization"): g_i ← g_i·λ·max(‖w_i‖, ε)/‖g_i‖ where ‖g_i‖ &gt; λ·max(‖w_i‖, ε), for every unit i, a row of a weight matrix; a bias,
/// scale or slope counts as one unit as a whole. A step of plain SGD then changes no unit by more than the share λ·η of itself.
/// </summary>
public sealed record AdaptiveClipper : GradientClipper
{
    private readonly double _clipFactor = 0.01;
    private readonly double _epsilon = 1e-3;

    [JsonConstructor]
    internal AdaptiveClipper() { }

    /// <summary>λ, the greatest healthy ‖g_i‖/‖w_i‖, above 0. Default 0.01; the paper has 0.01 to 0.16, less for larger batches.</summary>
    public double ClipFactor { get => _clipFactor; init => _clipFactor = Check.Positive(value, nameof(ClipFactor)); }

    /// <summary>ε, the least norm that weights count with, so that those that start at 0 can move, above 0. Default 1e-3.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>Whether the output layer is clipped too. Default <see langword="false"/>, as in the paper.</summary>
    public bool ClipOutputLayer { get; init; }

    internal override bool BoundsSteps => ClipOutputLayer;

    internal override bool TakesWholeUnits => true;

    internal override State Start(FlatParameters parameters) => new Units(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"Adaptive({ClipFactor}{(ClipOutputLayer ? ", with the output layer" : "")})");

    private sealed class Units(AdaptiveClipper rule, FlatParameters parameters) : State
    {
        private readonly int _layers = rule.ClipOutputLayer ? parameters.Layers.Length : parameters.Layers.Length - 1;

        public override bool Clip(double norm)
        {
            var gradients = parameters.Gradients;
            var weights = parameters.Weights;
            Change clipped = default;
            foreach (var slice in parameters.Parameters)
                if (slice.Layer < _layers)
                    clipped |= gradients.Slice(slice.Offset, slice.Length).HoldRows(slice.Columns, weights.Slice(slice.Offset, slice.Length), rule.ClipFactor, rule.Epsilon);
            return clipped.ToBoolean();
        }
    }
}
