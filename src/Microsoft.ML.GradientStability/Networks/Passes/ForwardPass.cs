namespace Microsoft.ML.GradientStability;

/// <summary>What stands before the first layer, written out.</summary>
internal abstract class ForwardPass
{
    /// <summary>Whether it learns, so that the gradient of its output is asked for.</summary>
    public virtual bool Learns => false;

    /// <summary>Row by row.</summary>
    /// <param name="input">Stays as it is, until the backward pass where it learns.</param>
    /// <returns>Stays until the next call.</returns>
    public abstract Block Forward(Block input);

    /// <summary>Adds the gradients of what it learns to theirs.</summary>
    /// <param name="gradient">∂L/∂output of the last rows.</param>
    public virtual void Backward(Block gradient) { }
}
