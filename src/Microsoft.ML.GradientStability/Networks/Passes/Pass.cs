namespace Microsoft.ML.GradientStability;

/// <summary>
/// A part of a network written out, forward and backward, without LibTorch and its graph: what <see cref="IWrittenOut"/> parts make for one fit. It computes
/// what their modules do, but for rounding.
/// </summary>
internal abstract class Pass
{
    /// <summary>Runs forward.</summary>
    /// <param name="input">Stays as it is, until the backward pass in training.</param>
    /// <param name="training">As the module computes in training, not in evaluation.</param>
    /// <returns>Stays until the next call.</returns>
    public abstract Block Forward(Block input, bool training);

    /// <summary>From the gradient of what <see cref="Forward"/> gave last in training to that of its input; adds the gradients of what the part learns to theirs.</summary>
    /// <param name="gradient">∂L/∂output; the pass may use its memory.</param>
    /// <param name="toInput">Whether ∂L/∂input is asked for; the result is of no use otherwise.</param>
    public abstract Block Backward(Block gradient, bool toInput = true);
}
