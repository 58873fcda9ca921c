using TorchSharp.Modules;

namespace Microsoft.ML.GradientStability;

/// <summary>The weights (units × inputs) that a written-out layer multiplies by, and the gradient that it adds to: those that are stored.</summary>
/// <param name="weight">Those.</param>
internal unsafe class WrittenWeights(Parameter weight)
{
    public Learned Stored { get; } = new(weight);

    public virtual float* Values => Stored.Values;

    public virtual float* Gradients => Stored.Gradients;

    /// <summary>Before a forward pass.</summary>
    /// <param name="training">As in training, not in evaluation.</param>
    public virtual void Compute(bool training) { }

    /// <summary>After the layer added its gradient: from the gradient of what it multiplied by to that of what is stored.</summary>
    public virtual void Differentiate() { }
}
