using System.Text.Json.Serialization;
using TorchSharp;
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

    internal override State Start(FlatParameters parameters) =>
        Torch(torch.optim.NAdam([parameters.Values], LearningRate, Beta1, Beta2, Epsilon, momentum_decay: MomentumDecay));

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"NAdam({LearningRate:G4})");
}
