using System.Runtime.CompilerServices;

namespace Microsoft.ML.Data;

/// <summary>A key's raw value as a number: 0 is missing, the first value is 1.</summary>
internal static class KeyIndex
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of<TKey>(TKey key)
    {
        if (typeof(TKey) == typeof(uint))
            return Unsafe.As<TKey, uint>(ref key);
        if (typeof(TKey) == typeof(ulong))
            return Unsafe.As<TKey, ulong>(ref key);
        if (typeof(TKey) == typeof(ushort))
            return Unsafe.As<TKey, ushort>(ref key);
        return Unsafe.As<TKey, byte>(ref key);
    }
}
