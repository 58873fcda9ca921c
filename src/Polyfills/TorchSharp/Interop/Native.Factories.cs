using System.Runtime.InteropServices;

namespace TorchSharp;

// The functions of native/factories.cpp.
internal static unsafe partial class Native
{
    [DllImport(Library)] internal static extern nint make_empty(long* sizes, int count, Options options);
    [DllImport(Library)] internal static extern nint make_zeros(long* sizes, int count, Options options);
    [DllImport(Library)] internal static extern nint make_ones(long* sizes, int count, Options options);
    [DllImport(Library)] internal static extern nint make_rand(long* sizes, int count, nint generator, Options options);
    [DllImport(Library)] internal static extern nint make_randn(long* sizes, int count, nint generator, Options options);
    [DllImport(Library)] internal static extern nint make_empty_like(nint like, Options options);
    [DllImport(Library)] internal static extern nint make_zeros_like(nint like, Options options);
    [DllImport(Library)] internal static extern nint make_ones_like(nint like, Options options);
    [DllImport(Library)] internal static extern nint make_full(long* sizes, int count, Number value, Options options);
    [DllImport(Library)] internal static extern nint make_eye(long rows, long columns, Options options);
    [DllImport(Library)] internal static extern nint make_arange(Number start, Number stop, Number step, Options options);
    [DllImport(Library)] internal static extern nint make_randperm(long n, nint generator, Options options);
    [DllImport(Library)] internal static extern nint make_copy(void* data, long* sizes, int count, int source, Options options);
    [DllImport(Library)] internal static extern int tensor_name_dims(nint tensor, byte** names, int count);
    [DllImport(Library)] internal static extern nint tensors_cat(nint* tensors, int count, long dim);
    [DllImport(Library)] internal static extern nint tensors_stack(nint* tensors, int count, long dim);
    [DllImport(Library)] internal static extern int tensor_normal_(nint tensor, double mean, double std, nint generator);
    [DllImport(Library)] internal static extern int tensor_uniform_(nint tensor, double from, double to, nint generator);
}
