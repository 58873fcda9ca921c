using System.Runtime.InteropServices;

namespace TorchSharp;

// The functions of native/runtime.cpp.
internal static unsafe partial class Native
{
    [DllImport(Library)] internal static extern byte* last_error();
    [DllImport(Library)] internal static extern void tensor_release(nint tensor);
    [DllImport(Library)] internal static extern nint tensor_share(nint tensor);
    [DllImport(Library)] internal static extern int threads_get();
    [DllImport(Library)] internal static extern int threads_set(int count);
    [DllImport(Library)] internal static extern int cuda_device_count();
    [DllImport(Library), SuppressGCTransition] internal static extern bool grad_enabled();
    [DllImport(Library), SuppressGCTransition] internal static extern void grad_enable(bool enabled);
    [DllImport(Library)] internal static extern nint generator_new(ulong seed);
    [DllImport(Library)] internal static extern nint generator_default();
    [DllImport(Library)] internal static extern void generator_release(nint generator);
    [DllImport(Library)] internal static extern void generator_seed(nint generator, ulong seed);
    [DllImport(Library)] internal static extern ulong generator_reseed(nint generator);
    [DllImport(Library)] internal static extern ulong generator_initial_seed(nint generator);
    [DllImport(Library)] internal static extern nint generator_state(nint generator);
    [DllImport(Library)] internal static extern int generator_set_state(nint generator, nint state);
    [DllImport(Library)] internal static extern int seed_all(ulong seed);
}
