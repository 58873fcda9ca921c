using System.Runtime.InteropServices;

namespace TorchSharp;

// The functions of native/activations.cpp.
internal static unsafe partial class Native
{
    [DllImport(Library)] internal static extern nint leaky_relu(nint x, double slope, bool inplace);
    [DllImport(Library)] internal static extern nint prelu(nint x, nint weight);
    [DllImport(Library)] internal static extern nint elu(nint x, double alpha, bool inplace);
    [DllImport(Library)] internal static extern nint selu(nint x, bool inplace);
    [DllImport(Library)] internal static extern nint gelu(nint x);
    [DllImport(Library)] internal static extern nint silu(nint x, bool inplace);
    [DllImport(Library)] internal static extern nint mish(nint x);
    [DllImport(Library)] internal static extern nint softplus(nint x, double beta, double threshold);
    [DllImport(Library)] internal static extern nint hardsigmoid(nint x, bool inplace);
    [DllImport(Library)] internal static extern nint hardswish(nint x, bool inplace);
    [DllImport(Library)] internal static extern nint hardtanh(nint x, double min, double max, bool inplace);
}
