using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// What follows every native call: its error becomes an exception, and its arguments live until it has returned.
internal static class Call
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static torch.Tensor Result(nint handle, object? first = null, object? second = null, object? third = null)
    {
        Keep(first, second, third);
        if (handle == 0) throw Error();
        return new torch.Tensor(handle);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int status, object? first = null, object? second = null, object? third = null)
    {
        Keep(first, second, third);
        if (status != 0) throw Error();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(object? first, object? second, object? third)
    {
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
    }

    public static unsafe ExternalException Error() => new(Marshal.PtrToStringUTF8((nint)Native.last_error()));
}
