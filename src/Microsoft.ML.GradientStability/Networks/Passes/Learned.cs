using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The numbers of a parameter and their gradients, where they lie.</summary>
internal readonly unsafe struct Learned
{
    /// <param name="parameter">It has a gradient, and keeps both where they are as long as this is used.</param>
    public Learned(Parameter parameter)
    {
        using var gradient = parameter.grad!;
        Values = Address(parameter);
        Gradients = Address(gradient);
        Length = (int)parameter.numel();
    }

    public float* Values { get; }

    public float* Gradients { get; }

    public int Length { get; }

    /// <summary>Where the numbers of a tensor lie.</summary>
    public static float* Address(Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, float>(tensor.bytes)));
}
