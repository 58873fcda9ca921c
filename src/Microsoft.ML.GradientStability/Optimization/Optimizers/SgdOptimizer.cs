using System.Text.Json.Serialization;
using TorchSharp;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Stochastic gradient descent (Robbins and Monro 1951): v ← μ·v + g, w ← w − η·v (PyTorch's form of momentum; v starts as the first
/// gradient). With Nesterov's momentum, in the form of Sutskever et al. 2013, w ← w − η·(g + μ·v).
/// </summary>
public sealed record SgdOptimizer : Optimizer
{
    private readonly double _momentum;

    [JsonConstructor]
    internal SgdOptimizer(double learningRate = 0.01) : base(learningRate) { }

    /// <summary>μ, in [0, 1). Default 0.</summary>
    public double Momentum { get => _momentum; init => _momentum = Check.InRange(value, 0, 1, nameof(Momentum), upperIncluded: false); }

    /// <summary>Whether momentum looks a step ahead, as Nesterov's; it must then be above 0. Default <see langword="false"/>.</summary>
    public bool Nesterov { get; init; }

    internal override bool IsAdaptive => false;

    /// <summary>2·(1 + μ)/λ (Polyak 1964).</summary>
    internal override double? GreatestLearningRate(double curvature) => 2 * (1 + Momentum) / curvature;

    internal override bool StepsSlotBySlot => Momentum == 0;

    internal override State Start(FlatParameters parameters) => parameters.SlotBySlot
        ? new SlotwiseSgd(parameters)
        : Torch(torch.optim.SGD([parameters.Values], LearningRate, Momentum, nesterov: Nesterov));

    /// <summary>One readable line.</summary>
    public override string ToString() => Momentum == 0 && !Nesterov
        ? Invariant($"Sgd({LearningRate:G4})")
        : Invariant($"Sgd({LearningRate:G4}, {(Nesterov ? "Nesterov momentum" : "momentum")} {Momentum})");
}
