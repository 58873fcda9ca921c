using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.GradientStability;

/// <summary>Looks at what the activation of a hidden layer gives, while a batch runs through the network. Must not change it.</summary>
internal abstract class ActivationProbe
{
    /// <param name="output">batch × units.</param>
    public void Read(torch.Tensor output)
    {
        using var onHost = output.cpu();
        Read(MemoryMarshal.Cast<byte, float>(onHost.bytes), (int)output.shape[0]);
    }

    /// <param name="output">rows × units.</param>
    /// <param name="rows">Rows.</param>
    public abstract void Read(ReadOnlySpan<float> output, int rows);
}
