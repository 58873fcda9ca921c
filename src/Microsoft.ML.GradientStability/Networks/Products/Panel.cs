using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.GradientStability;

/// <summary>A part of a matrix row by row, each as wide as a tile.</summary>
internal static unsafe class Panel
{
    /// <param name="from">depth × columns.</param>
    /// <param name="depth">Rows.</param>
    /// <param name="columns">Columns, at most <paramref name="width"/>; zeros fill the rest.</param>
    /// <param name="down">From a row to the next.</param>
    /// <param name="across">From a column to the next; 1, or that of a matrix that lies column by column.</param>
    /// <param name="to">depth × width.</param>
    /// <param name="width">Columns of the panel, some whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* from, int depth, int columns, nint down, nint across, float* to, int width)
    {
        if (columns < width)
            new Span<float>(to, depth * width).Clear();
        if (across == 1 && columns == width)
        {
            for (var row = 0; row < depth; row++, from += down, to += width)
                for (var i = 0; i < width; i += Vector<float>.Count)
                    Vector.Load(from + i).Store(to + i);
            return;
        }
        if (across == 1)
        {
            for (var row = 0; row < depth; row++)
                new ReadOnlySpan<float>(from + row * down, columns).CopyTo(new Span<float>(to + (nint)row * width, columns));
            return;
        }
        var column = 0;
        if (Avx.IsSupported && down == 1)
            for (; column + 8 <= columns; column += 8)
            {
                var row = 0;
                for (; row + 8 <= depth; row += 8)
                    Turn8(from + column * across + row, across, to + (nint)row * width + column, width);
                Each(from, row, depth, column, column + 8, down, across, to, width);
            }
        Each(from, 0, depth, column, columns, down, across, to, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Each(float* from, int top, int bottom, int left, int right, nint down, nint across, float* to, int width)
    {
        for (var column = left; column < right; column++)
            for (var row = top; row < bottom; row++)
                to[(nint)row * width + column] = from[row * down + column * across];
    }

    /// <summary>8 × 8 numbers turned over their diagonal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn8(float* from, nint stride, float* to, nint width)
    {
        Vector256<float> a = Avx.LoadVector256(from), b = Avx.LoadVector256(from + stride), c = Avx.LoadVector256(from + 2 * stride), d = Avx.LoadVector256(from + 3 * stride);
        Vector256<float> e = Avx.LoadVector256(from + 4 * stride), f = Avx.LoadVector256(from + 5 * stride), g = Avx.LoadVector256(from + 6 * stride), h = Avx.LoadVector256(from + 7 * stride);
        Vector256<float> ab = Avx.UnpackLow(a, b), ab2 = Avx.UnpackHigh(a, b), cd = Avx.UnpackLow(c, d), cd2 = Avx.UnpackHigh(c, d);
        Vector256<float> ef = Avx.UnpackLow(e, f), ef2 = Avx.UnpackHigh(e, f), gh = Avx.UnpackLow(g, h), gh2 = Avx.UnpackHigh(g, h);
        (a, b, c, d) = (Avx.Shuffle(ab, cd, 0x44), Avx.Shuffle(ab, cd, 0xEE), Avx.Shuffle(ab2, cd2, 0x44), Avx.Shuffle(ab2, cd2, 0xEE));
        (e, f, g, h) = (Avx.Shuffle(ef, gh, 0x44), Avx.Shuffle(ef, gh, 0xEE), Avx.Shuffle(ef2, gh2, 0x44), Avx.Shuffle(ef2, gh2, 0xEE));
        Avx.Permute2x128(a, e, 0x20).Store(to);
        Avx.Permute2x128(b, f, 0x20).Store(to + width);
        Avx.Permute2x128(c, g, 0x20).Store(to + 2 * width);
        Avx.Permute2x128(d, h, 0x20).Store(to + 3 * width);
        Avx.Permute2x128(a, e, 0x31).Store(to + 4 * width);
        Avx.Permute2x128(b, f, 0x31).Store(to + 5 * width);
        Avx.Permute2x128(c, g, 0x31).Store(to + 6 * width);
        Avx.Permute2x128(d, h, 0x31).Store(to + 7 * width);
    }
}
