using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.GradientStability;

/// <summary>8 × 32 in sixteen registers of 512 bits, of the 32 that AVX-512 has.</summary>
internal readonly unsafe struct WideTile : ITile
{
    public static int Rows => 8;

    public static int Columns => 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint down, nint across, int rows, float* b, int depth, float* c, nint stride, bool add)
    {
        Fetch(c, stride);
        // Rows that are not there repeat the first.
        float* a1 = rows > 1 ? a + down : a, a2 = rows > 2 ? a + 2 * down : a, a3 = rows > 3 ? a + 3 * down : a;
        float* a4 = rows > 4 ? a + 4 * down : a, a5 = rows > 5 ? a + 5 * down : a, a6 = rows > 6 ? a + 6 * down : a, a7 = rows > 7 ? a + 7 * down : a;
        Vector512<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default, l6 = default, l7 = default;
        Vector512<float> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default, r6 = default, r7 = default;
        nint at = 0;
        for (var end = b + (nint)depth * 32; b != end; b += 32, at += across)
        {
            var (left, right) = (Vector512.Load(b), Vector512.Load(b + 16));
            var x = Vector512.Create(a[at]);
            l0 = Vector512.FusedMultiplyAdd(x, left, l0);
            r0 = Vector512.FusedMultiplyAdd(x, right, r0);
            x = Vector512.Create(a1[at]);
            l1 = Vector512.FusedMultiplyAdd(x, left, l1);
            r1 = Vector512.FusedMultiplyAdd(x, right, r1);
            x = Vector512.Create(a2[at]);
            l2 = Vector512.FusedMultiplyAdd(x, left, l2);
            r2 = Vector512.FusedMultiplyAdd(x, right, r2);
            x = Vector512.Create(a3[at]);
            l3 = Vector512.FusedMultiplyAdd(x, left, l3);
            r3 = Vector512.FusedMultiplyAdd(x, right, r3);
            x = Vector512.Create(a4[at]);
            l4 = Vector512.FusedMultiplyAdd(x, left, l4);
            r4 = Vector512.FusedMultiplyAdd(x, right, r4);
            x = Vector512.Create(a5[at]);
            l5 = Vector512.FusedMultiplyAdd(x, left, l5);
            r5 = Vector512.FusedMultiplyAdd(x, right, r5);
            x = Vector512.Create(a6[at]);
            l6 = Vector512.FusedMultiplyAdd(x, left, l6);
            r6 = Vector512.FusedMultiplyAdd(x, right, r6);
            x = Vector512.Create(a7[at]);
            l7 = Vector512.FusedMultiplyAdd(x, left, l7);
            r7 = Vector512.FusedMultiplyAdd(x, right, r7);
        }
        Store(c, l0, r0, add);
        Store(c + stride, l1, r1, add);
        Store(c + 2 * stride, l2, r2, add);
        Store(c + 3 * stride, l3, r3, add);
        Store(c + 4 * stride, l4, r4, add);
        Store(c + 5 * stride, l5, r5, add);
        Store(c + 6 * stride, l6, r6, add);
        Store(c + 7 * stride, l7, r7, add);
    }

    /// <summary>Brings the numbers that the product goes to into the first cache, on its way while the product is computed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* c, nint stride)
    {
        if (!Sse.IsSupported)
            return;
        for (var row = 0; row < 8; row++, c += stride)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> left, Vector512<float> right, bool add)
    {
        if (add)
            (left, right) = (left + Vector512.Load(c), right + Vector512.Load(c + 16));
        left.Store(c);
        right.Store(c + 16);
    }
}
