using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Rectified Adam (Liu et al. 2020, "On the variance of the adaptive learning rate and beyond"), in PyTorch's form: with m̂ and v of
/// <see cref="AdamOptimizer"/>, ρ∞ = 2/(1 − β₂) − 1 and ρₜ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ), w ← w − η·m̂ while ρₜ ≤ 5, then
/// w ← w − η·rₜ·m̂·√(1 − β₂ᵗ)/(√v + ε) with rₜ² = (ρₜ − 4)·(ρₜ − 2)·ρ∞/((ρ∞ − 4)·(ρ∞ − 2)·ρₜ).
/// </summary>
public sealed record RAdamOptimizer : Optimizer
{
    private readonly double _beta1 = 0.9;
    private readonly double _beta2 = 0.999;
    private readonly double _epsilon = 1e-8;

    [JsonConstructor]
    internal RAdamOptimizer(double learningRate = 0.001) : base(learningRate) { }

    /// <summary>β₁, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get => _beta1; init => _beta1 = Check.InRange(value, 0, 1, nameof(Beta1), upperIncluded: false); }

    /// <summary>β₂, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get => _beta2; init => _beta2 = Check.InRange(value, 0, 1, nameof(Beta2), upperIncluded: false); }

    /// <summary>ε, above 0. Default 1e-8.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    internal override State Start(FlatParameters parameters) => new Rectified(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"RAdam({LearningRate:G4})");

    /// <summary>In place of <c>optim.RAdam</c>, whose second branch applies η twice in TorchSharp 0.107.0 (Upstream/RAdamTests).</summary>
    private sealed class Rectified(RAdamOptimizer options, FlatParameters parameters) : State
    {
        private readonly FlatMemory _first = parameters.Remember();
        private readonly FlatMemory _second = parameters.Remember();
        private readonly double _limit = 2 / (1 - options.Beta2) - 1;
        private long _steps;

        public override void Step(double learningRate)
        {
            var power = Math.Pow(options.Beta2, ++_steps);
            var rho = _limit - 2 * _steps * power / (1 - power);
            var rate = learningRate / (1 - Math.Pow(options.Beta1, _steps));
            // w ← w − η·m̂ divides by 1.
            var step = rho <= 5
                ? new AdamStep(options.Beta1, options.Beta2, rate, 0, scale: 0, epsilon: 1)
                : new AdamStep(options.Beta1, options.Beta2, rate * Math.Sqrt(1 - power) * Rectification(rho), 0, scale: 1, options.Epsilon);
            step.Take(parameters.Weights, parameters.UnscaledGradients, parameters.Scale, _first.All, _second.All);
        }

        /// <summary>rₜ.</summary>
        private double Rectification(double rho) => Math.Sqrt((rho - 4) * (rho - 2) * _limit / ((_limit - 4) * (_limit - 2) * rho));
    }
}
