using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>Looks at what the activation of a hidden layer gives, while a batch runs through the network. Must not change it.</summary>
internal abstract class ActivationProbe
{
    /// <param name="output">batch × units.</param>
    public abstract void Read(torch.Tensor output);
}
