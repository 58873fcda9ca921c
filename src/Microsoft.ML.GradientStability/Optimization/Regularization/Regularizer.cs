using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What keeps weights small while they are trained, or gradients their length over time. Weight matrices only: biases, and the scales and slopes of normalizations,
/// activations and gates, are left alone; so are, in a step over sparse rows, the slots that these do not have. One sealed record a method; the static members name them.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(L1Regularizer), "L1")]
[JsonDerivedType(typeof(L2Regularizer), "L2")]
[JsonDerivedType(typeof(WeightDecayRegularizer), "WeightDecay")]
[JsonDerivedType(typeof(MaxNormRegularizer), "MaxNorm")]
[JsonDerivedType(typeof(GradientFlowRegularizer), "GradientFlow")]
public abstract record Regularizer
{
    private protected Regularizer() { }

    /// <summary>Pulls every weight towards 0 with the same force, so that many end near it.</summary>
    /// <param name="strength">λ, in [0, 1]. Default 1e-5.</param>
    public static L1Regularizer L1(double strength = 1e-5) => new() { Strength = strength };

    /// <summary>Pulls every weight towards 0 in proportion to it, by way of the gradient.</summary>
    /// <param name="strength">λ, in [0, 1]. Default 1e-4.</param>
    public static L2Regularizer L2(double strength = 1e-4) => new() { Strength = strength };

    /// <summary>Shrinks every weight by a share of it, beside the gradient.</summary>
    /// <param name="strength">λ, in [0, 1]. Default 0.01.</param>
    public static WeightDecayRegularizer WeightDecay(double strength = 0.01) => new() { Strength = strength };

    /// <summary>Holds the weights of every unit within a ball.</summary>
    /// <param name="maxNorm">c, above 0. Default 3.</param>
    public static MaxNormRegularizer MaxNorm(double maxNorm = 3) => new() { MaxNorm = maxNorm };

    /// <summary>Has gradients keep their length from step to step of plain recurrent layers: Pascanu's Ω.</summary>
    /// <param name="strength">λ, in [0, 100]. Default 1.</param>
    public static GradientFlowRegularizer GradientFlow(double strength = 1) => new() { Strength = strength };

    /// <summary>Whether it needs what gradients keep from step to step.</summary>
    internal virtual bool WatchesFlow => false;

    /// <summary>Whether it looks at all weights of a unit at once, and so at the slots that a step does not have.</summary>
    internal virtual bool TakesWholeUnits => false;

    /// <summary>
    /// Adds the gradient of a penalty, to the gradient of the loss that was clipped before, as in PyTorch. Like the other two, it
    /// allocates nothing.
    /// </summary>
    internal virtual void Penalize(FlatParameters parameters) { }

    /// <summary>The same of a penalty on what gradients keep from step to step.</summary>
    internal virtual void Penalize(FlatParameters parameters, IReadOnlyList<RecurrentFlow> flows) { }

    /// <summary>Shrinks weights by themselves, before the optimizer's step.</summary>
    internal virtual void Decay(FlatParameters parameters, double learningRate) { }

    /// <summary>Brings weights back within bounds, after the optimizer's step.</summary>
    internal virtual void Constrain(FlatParameters parameters) { }
}
