using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability;

/// <summary>6 × 2 vectors, of the size that the processor has them, in twelve registers of the sixteen that every one has: AVX2, Arm, anything.</summary>
internal readonly unsafe struct NarrowTile : ITile
{
    public static int Rows => 6;

    public static int Columns => 2 * Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint down, nint across, int rows, float* b, int depth, float* c, nint stride, bool add)
    {
        float* a1 = rows > 1 ? a + down : a, a2 = rows > 2 ? a + 2 * down : a, a3 = rows > 3 ? a + 3 * down : a;
        float* a4 = rows > 4 ? a + 4 * down : a, a5 = rows > 5 ? a + 5 * down : a;
        Vector<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default;
        Vector<float> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        nint at = 0;
        for (var end = b + (nint)depth * Columns; b != end; b += Columns, at += across)
        {
            var (left, right) = (Vector.Load(b), Vector.Load(b + Vector<float>.Count));
            var x = Vector.Create(a[at]);
            l0 = Vector.MultiplyAddEstimate(x, left, l0);
            r0 = Vector.MultiplyAddEstimate(x, right, r0);
            x = Vector.Create(a1[at]);
            l1 = Vector.MultiplyAddEstimate(x, left, l1);
            r1 = Vector.MultiplyAddEstimate(x, right, r1);
            x = Vector.Create(a2[at]);
            l2 = Vector.MultiplyAddEstimate(x, left, l2);
            r2 = Vector.MultiplyAddEstimate(x, right, r2);
            x = Vector.Create(a3[at]);
            l3 = Vector.MultiplyAddEstimate(x, left, l3);
            r3 = Vector.MultiplyAddEstimate(x, right, r3);
            x = Vector.Create(a4[at]);
            l4 = Vector.MultiplyAddEstimate(x, left, l4);
            r4 = Vector.MultiplyAddEstimate(x, right, r4);
            x = Vector.Create(a5[at]);
            l5 = Vector.MultiplyAddEstimate(x, left, l5);
            r5 = Vector.MultiplyAddEstimate(x, right, r5);
        }
        Store(c, l0, r0, add);
        Store(c + stride, l1, r1, add);
        Store(c + 2 * stride, l2, r2, add);
        Store(c + 3 * stride, l3, r3, add);
        Store(c + 4 * stride, l4, r4, add);
        Store(c + 5 * stride, l5, r5, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector<float> left, Vector<float> right, bool add)
    {
        if (add)
            (left, right) = (left + Vector.Load(c), right + Vector.Load(c + Vector<float>.Count));
        left.Store(c);
        right.Store(c + Vector<float>.Count);
    }
}
