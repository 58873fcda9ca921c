using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer 2011), in PyTorch's form: s ← s + g², w ← w − η/(1 + (t − 1)·δ)·g/(√s + ε) at step t.
/// </summary>
public sealed record AdagradOptimizer : Optimizer
{
    private readonly double _learningRateDecay;
    private readonly double _initialAccumulator;
    private readonly double _epsilon = 1e-10;

    [JsonConstructor]
    internal AdagradOptimizer(double learningRate = 0.01) : base(learningRate) { }

    /// <summary>δ, at least 0: how fast the rate falls, beside the sum of squares. Default 0.</summary>
    public double LearningRateDecay
    {
        get => _learningRateDecay;
        init => _learningRateDecay = Check.AtLeast(value, 0.0, nameof(LearningRateDecay));
    }

    /// <summary>What s starts from, at least 0. Default 0.</summary>
    public double InitialAccumulator
    {
        get => _initialAccumulator;
        init => _initialAccumulator = Check.AtLeast(value, 0.0, nameof(InitialAccumulator));
    }

    /// <summary>ε, above 0. Default 1e-10.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    internal override bool StepsSlotBySlot => LearningRateDecay == 0;

    internal override State Start(FlatParameters parameters) => new Summing(this, parameters);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"Adagrad({LearningRate:G4})");

    /// <summary>Over the parts that a step moves: the others have no gradient, and stay by the formula.</summary>
    private sealed class Summing : State
    {
        private readonly AdagradOptimizer _options;
        private readonly FlatParameters _parameters;
        private readonly FlatMemory _squares;
        private long _steps;

        public Summing(AdagradOptimizer options, FlatParameters parameters)
        {
            (_options, _parameters) = (options, parameters);
            _squares = parameters.Remember((float)options.InitialAccumulator);
        }

        public override void Step(double learningRate)
        {
            var step = new Numbers(learningRate / (1 + _steps++ * _options.LearningRateDecay), _options.Epsilon);
            var weights = _parameters.Weights;
            var gradients = _parameters.UnscaledGradients;
            foreach (var part in _parameters.Steps)
                step.Take(weights.Slice(part.Offset, part.Length), gradients.Slice(part.GradientOffset, part.Length), _parameters.Scale, _squares.Slice(part.Offset, part.Length));
        }
    }

    private readonly struct Numbers(double rate, double epsilon) : INumberStep
    {
        private readonly Factor _rate = new(rate);
        private readonly Factor _epsilon = new(epsilon);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take<T>(ref T weight, T gradient, ref T sum, ref T second, ref T third) where T : struct, INumbers<T>
        {
            sum += gradient * gradient;
            weight -= _rate * gradient / (T.Root(sum) + _epsilon);
        }
    }
}
