using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Adam (Kingma and Ba 2015): m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², w ← w − η·m̂/(√v̂ + ε), with
/// m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) at step t. With AMSGrad (Reddi, Kale and Kumar 2018) the greatest v so far stands for v.
/// </summary>
public sealed record AdamOptimizer : Optimizer
{
    private readonly double _beta1 = 0.9;
    private readonly double _beta2 = 0.999;
    private readonly double _epsilon = 1e-8;

    [JsonConstructor]
    internal AdamOptimizer(double learningRate = 0.001) : base(learningRate) { }

    /// <summary>β₁, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get => _beta1; init => _beta1 = Check.InRange(value, 0, 1, nameof(Beta1), upperIncluded: false); }

    /// <summary>β₂, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get => _beta2; init => _beta2 = Check.InRange(value, 0, 1, nameof(Beta2), upperIncluded: false); }

    /// <summary>ε, above 0. Default 1e-8.</summary>
    public double Epsilon { get => _epsilon; init => _epsilon = Check.Positive(value, nameof(Epsilon)); }

    /// <summary>Whether the greatest second moment counts, so that steps only get smaller. Default <see langword="false"/>.</summary>
    public new bool AmsGrad { get; init; }

    internal override bool StepsSlotBySlot => true;

    internal override State Start(FlatParameters parameters) => new AdamState(parameters, Beta1, Beta2, Epsilon, AmsGrad);

    /// <summary>One readable line.</summary>
    public override string ToString() => Invariant($"{(AmsGrad ? "AmsGrad" : "Adam")}({LearningRate:G4})");
}
