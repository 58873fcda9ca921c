using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// NAdam (Dozat 2016, "Incorporating Nesterov momentum into Adam"), in PyTorch's form: with m, v and v̂ of <see cref="AdamOptimizer"/>,
/// μₜ = β₁·(1 − ½·0.96^(t·ψ)) and Πₜ = μ₁·…·μₜ, w ← w − η·(μₜ₊₁·m/(1 − Πₜ₊₁) + (1 − μₜ)·g/(1 − Πₜ))/(√v̂ + ε).
/// </summary>
public sealed record NAdamOptimizer : Optimizer
{
    private readonly double _beta1 = 0.9;
    private readonly double _beta2 = 0.999;
    private readonly double _epsilon = 1e-8;
    private readonly double _momentumDecay = 4e-3;

    [JsonConstructor]
    internal NAdamOptimizer(double learningRate = 0.002) : base(learningRate) { }

    /// <summary>β₁, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get => _beta1; init => _beta1 = Check.InRange(value, 0, 1, nameof(Beta1), upperIncluded: false); }

    /// <summary>β₂, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get => _beta2; init => _beta2 = Check.InRange(value, 0, 1, nameof(Beta2), upperIncluded: false); }

    /// <summary>ε, above 0. Default 1e-8.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>ψ, how soon the momentum reaches β₁, at least 0. Default 4e-3.</summary>
    public double MomentumDecay { get => _momentumDecay; init => _momentumDecay = Check.AtLeast(value, 0.0, nameof(MomentumDecay)); }

    internal override State Start(FlatParameters parameters) => new Nesterov(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"NAdam({LearningRate:G4})");

    private sealed class Nesterov(NAdamOptimizer options, FlatParameters parameters) : State
    {
        private readonly FlatMemory _first = parameters.Remember();
        private readonly FlatMemory _second = parameters.Remember();
        private long _steps;
        private double _product = 1;

        public override void Step(double learningRate)
        {
            _steps++;
            var (momentum, next) = (Momentum(_steps), Momentum(_steps + 1));
            _product *= momentum;
            new AdamStep(options.Beta1, options.Beta2, learningRate * next / (1 - _product * next), learningRate * (1 - momentum) / (1 - _product),
                1 / Math.Sqrt(1 - Math.Pow(options.Beta2, _steps)), options.Epsilon).Take(parameters.Weights, parameters.UnscaledGradients, parameters.Scale, _first.All, _second.All);
        }

        /// <summary>μₜ.</summary>
        private double Momentum(long step) => options.Beta1 * (1 - 0.5 * Math.Pow(0.96, step * options.MomentumDecay));
    }
}
