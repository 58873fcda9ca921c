using TorchSharp;
using TorchSharp.Modules;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Stochastic gradient descent: v ← μ·v + g, w ← w − η·v (PyTorch's form of momentum; v starts as the first gradient).
/// </summary>
public sealed record SgdOptimizer : Optimizer
{
    private readonly double _momentum;

    internal SgdOptimizer(double learningRate) : base(learningRate) { }

    /// <summary>μ, in [0, 1). Default 0.</summary>
    public double Momentum { get => _momentum; init => _momentum = Check.InRange(value, 0, 1, nameof(Momentum), upperIncluded: false); }

    internal override torch.optim.Optimizer Create(Parameter parameters) => torch.optim.SGD([parameters], LearningRate, Momentum);

    /// <summary>One readable line.</summary>
    public override string ToString() => Momentum == 0 ? Invariant($"Sgd({LearningRate})") : Invariant($"Sgd({LearningRate}, momentum {Momentum})");
}
