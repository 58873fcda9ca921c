using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
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

    internal override State Start(FlatParameters parameters) => Momentum > 0 || !Nesterov
        ? new Moving(this, parameters)
        : throw new ArgumentException("Nesterov looks a step of the momentum ahead, and Momentum is 0. Set it, such as to 0.9, or leave Nesterov out.");

    /// <summary>One readable line.</summary>
    public override string ToString() => Momentum == 0 && !Nesterov
        ? Invariant($"Sgd({LearningRate:G4})")
        : Invariant($"Sgd({LearningRate:G4}, {(Nesterov ? "Nesterov momentum" : "momentum")} {Momentum})");

    /// <summary>Over the parts that a step moves: without momentum the others have no gradient, and stay by the formula.</summary>
    private sealed class Moving(SgdOptimizer options, FlatParameters parameters) : State
    {
        private readonly FlatMemory _velocities = options.Momentum > 0 ? parameters.Remember() : FlatParameters.Nothing;

        public override void Step(double learningRate)
        {
            var step = new Numbers(options, learningRate);
            var weights = parameters.Weights;
            var gradients = parameters.UnscaledGradients;
            foreach (var part in parameters.Steps)
                step.Take(weights.Slice(part.Offset, part.Length), gradients.Slice(part.GradientOffset, part.Length), parameters.Scale,
                    _velocities.Slice(part.Offset, part.Length));
        }
    }

    private readonly struct Numbers(SgdOptimizer options, double learningRate) : INumberStep
    {
        private readonly Factor _momentum = new(options.Momentum);
        private readonly Factor _rate = new(learningRate);
        private readonly bool _nesterov = options.Nesterov;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take<T>(ref T weight, T gradient, ref T velocity, ref T second, ref T third) where T : struct, INumbers<T>
        {
            velocity = _momentum * velocity + gradient;
            weight -= _rate * (_nesterov ? gradient + _momentum * velocity : velocity);
        }
    }
}
