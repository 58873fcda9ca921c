using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// RMSProp (Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning"), in PyTorch's form:
/// v ← α·v + (1 − α)·g², w ← w − η·g/(√v + ε). Centered (Graves 2013) a ← α·a + (1 − α)·g and v − a² stands for v; with momentum
/// b ← μ·b + g/(√v + ε), w ← w − η·b.
/// </summary>
public sealed record RmsPropOptimizer : Optimizer
{
    private readonly double _alpha = 0.99;
    private readonly double _epsilon = 1e-8;
    private readonly double _momentum;

    [JsonConstructor]
    internal RmsPropOptimizer(double learningRate = 0.01) : base(learningRate) { }

    /// <summary>α, in [0, 1). Default 0.99.</summary>
    public double Alpha { get => _alpha; init => _alpha = Check.InRange(value, 0, 1, nameof(Alpha), upperIncluded: false); }

    /// <summary>ε, above 0. Default 1e-8.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>μ, in [0, 1). Default 0.</summary>
    public double Momentum { get => _momentum; init => _momentum = Check.InRange(value, 0, 1, nameof(Momentum), upperIncluded: false); }

    /// <summary>Whether a step is scaled by the variance of the gradient, not by its square. Default <see langword="false"/>.</summary>
    public bool Centered { get; init; }

    internal override State Start(FlatParameters parameters) => new Running(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() =>
        Invariant($"RmsProp({LearningRate:G4}{(Centered ? ", centered" : "")}{(Momentum == 0 ? "" : Invariant($", momentum {Momentum}"))})");

    private sealed class Running(RmsPropOptimizer options, FlatParameters parameters) : State
    {
        private readonly FlatMemory _squares = parameters.Remember();
        private readonly FlatMemory _means = options.Centered ? parameters.Remember() : FlatParameters.Nothing;
        private readonly FlatMemory _velocities = options.Momentum > 0 ? parameters.Remember() : FlatParameters.Nothing;

        public override void Step(double learningRate) =>
            new Numbers(options, learningRate).Take(parameters.Weights, parameters.UnscaledGradients, parameters.Scale, _squares.All, _means.All, _velocities.All);
    }

    private readonly struct Numbers(RmsPropOptimizer options, double learningRate) : INumberStep
    {
        private readonly Factor _alpha = new(options.Alpha);
        private readonly Factor _newest = new(1 - options.Alpha);
        private readonly Factor _epsilon = new(options.Epsilon);
        private readonly Factor _momentum = new(options.Momentum);
        private readonly Factor _rate = new(learningRate);
        private readonly bool _centered = options.Centered;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take<T>(ref T weight, T gradient, ref T square, ref T mean, ref T velocity) where T : struct, INumbers<T>
        {
            square = _alpha * square + _newest * (gradient * gradient);
            var variance = square;
            if (_centered)
            {
                mean = _alpha * mean + _newest * gradient;
                variance -= mean * mean;
            }
            velocity = _momentum * velocity + gradient / (T.Root(variance) + _epsilon);
            weight -= _rate * velocity;
        }
    }
}
