using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Moves what a module learns and remembers to a device, each tensor in its place. TorchSharp 0.107.0's <c>module.to(device)</c> makes other tensors
/// and sets those fields to them that are called like them; a property, or the field of a base class, keeps the one of the host, and the network
/// computes with that while the other is trained (<c>Upstream/DeviceMoveTests</c>).
/// </summary>
internal static class DeviceMove
{
    /// <summary>All parameters and buffers; those that others hold too are moved for them as well.</summary>
    public static void MoveInPlace(this nn.Module module, Device device)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var tensor in module.parameters().Concat(module.buffers()))
        {
            var moved = tensor.detach().to(device, copy: true);
            moved.requires_grad = tensor.requires_grad;
            // What is left in its place is the tensor of the host, and goes with the scope.
            (Handle(tensor), Handle(moved)) = (Handle(moved), Handle(tensor));
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "handle")]
    private static extern ref IntPtr Handle(Tensor tensor);
}
