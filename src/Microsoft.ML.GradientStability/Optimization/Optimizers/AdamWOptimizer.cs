using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, "Decoupled weight decay regularization"): w ← w·(1 − η·λ), then the step of
/// <see cref="AdamOptimizer"/>. Biases, and the scales and slopes of normalizations, activations and gates, do not decay.
/// </summary>
public sealed record AdamWOptimizer : Optimizer
{
    private readonly double _beta1 = 0.9;
    private readonly double _beta2 = 0.999;
    private readonly double _epsilon = 1e-8;
    private readonly double _weightDecay = 0.01;

    [JsonConstructor]
    internal AdamWOptimizer(double learningRate = 0.001) : base(learningRate) { }

    /// <summary>β₁, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get => _beta1; init => _beta1 = Check.InRange(value, 0, 1, nameof(Beta1), upperIncluded: false); }

    /// <summary>β₂, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get => _beta2; init => _beta2 = Check.InRange(value, 0, 1, nameof(Beta2), upperIncluded: false); }

    /// <summary>ε, above 0. Default 1e-8.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>λ, in [0, 1], of weight matrices only. Default 0.01.</summary>
    public double WeightDecay { get => _weightDecay; init => _weightDecay = Check.InRange(value, 0, 1, nameof(WeightDecay)); }

    internal override bool DecaysWeights => WeightDecay > 0;

    internal override bool StepsSlotBySlot => true;

    internal override State Start(FlatParameters parameters) => new AdamState(parameters, Beta1, Beta2, Epsilon, weightDecay: WeightDecay);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"AdamW({LearningRate:G4}, weight decay {WeightDecay})");
}
