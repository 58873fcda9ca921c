using System.Text.Json.Serialization;
using TorchSharp;
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

    internal override State Start(FlatParameters parameters) => parameters.SlotBySlot
        ? new SlotwiseAdagrad(parameters, InitialAccumulator, Epsilon)
        : Torch(torch.optim.Adagrad([parameters.Values], LearningRate, LearningRateDecay,
            initial_accumulator_value: InitialAccumulator, eps: Epsilon));

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"Adagrad({LearningRate:G4})");
}
