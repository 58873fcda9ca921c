using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>All numbers of a tensor on a device: each operation is one call there, its result the dispose scope's.</summary>
/// <param name="tensor">The numbers.</param>
internal readonly struct DeviceNumbers(Tensor tensor) : INumbers<DeviceNumbers>
{
    public Tensor Tensor { get; } = tensor;

    public static DeviceNumbers operator +(DeviceNumbers a, DeviceNumbers b) => new(a.Tensor.Plus(b.Tensor));

    public static DeviceNumbers operator +(DeviceNumbers a, Factor term)
    {
        using Scalar scalar = term.Value;
        return new(a.Tensor.Plus(scalar));
    }

    public static DeviceNumbers operator -(DeviceNumbers a, DeviceNumbers b) => new(a.Tensor.sub(b.Tensor));

    public static DeviceNumbers operator *(DeviceNumbers a, DeviceNumbers b) => new(a.Tensor.mul(b.Tensor));

    public static DeviceNumbers operator *(Factor factor, DeviceNumbers a)
    {
        using Scalar scalar = factor.Value;
        return new(a.Tensor.mul(scalar));
    }

    public static DeviceNumbers operator /(DeviceNumbers a, DeviceNumbers b) => new(a.Tensor.div(b.Tensor));

    public static DeviceNumbers Root(DeviceNumbers a) => new(a.Tensor.sqrt());

    public static DeviceNumbers AtLeast(DeviceNumbers a, Factor least)
    {
        using Scalar scalar = least.Value;
        return new(a.Tensor.clamp(min: scalar));
    }

    public static DeviceNumbers Greater(DeviceNumbers a, DeviceNumbers b) => new(a.Tensor.maximum(b.Tensor));
}
