using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>What is remembered of every parameter from step to step, where the parameters are.</summary>
/// <param name="host">In the memory of the host, or</param>
/// <param name="device">on a device.</param>
internal sealed class FlatMemory(float[]? host, Tensor? device)
{
    public FlatNumbers All => device is null ? new(host) : new(device);

    public FlatNumbers Slice(int offset, int length) => All.IsEmpty ? default : All.Slice(offset, length);
}
