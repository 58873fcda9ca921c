using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.GradientStability;

/// <summary>Loops over rows of numbers.</summary>
internal static unsafe class RowLoops
{
    /// <summary>Adds a row to every row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddToEach(in Matrix block, float* row)
    {
        var width = block.Columns;
        for (var r = 0; r < block.Rows; r++)
        {
            var to = block.Start + r * block.Down;
            var i = 0;
            for (; i + Vector<float>.Count <= width; i += Vector<float>.Count)
                (Vector.Load(to + i) + Vector.Load(row + i)).Store(to + i);
            for (; i < width; i++)
                to[i] += row[i];
        }
    }

    /// <summary>sum + Σ a over the rows, column by column, in four sums that are added up at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSum(in Matrix a, float* sum)
    {
        var (rows, width) = (a.Rows, a.Columns);
        var i = 0;
        for (; i + Vector<float>.Count <= width; i += Vector<float>.Count)
        {
            Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
            var at = a.Start + i;
            var r = 0;
            for (; r + 4 <= rows; r += 4, at += 4 * (nint)width)
            {
                s0 += Vector.Load(at);
                s1 += Vector.Load(at + width);
                s2 += Vector.Load(at + 2 * (nint)width);
                s3 += Vector.Load(at + 3 * (nint)width);
            }
            for (; r < rows; r++, at += width)
                s0 += Vector.Load(at);
            (Vector.Load(sum + i) + (s0 + s1 + (s2 + s3))).Store(sum + i);
        }
        for (; i < width; i++)
            for (var r = 0; r < rows; r++)
                sum[i] += (a.Start + r * a.Down)[i];
    }

    /// <summary>sum + Σ a·b over the rows, column by column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProductSum(Block a, Block b, float* sum)
    {
        var (rows, width) = (a.Rows, a.Width);
        var i = 0;
        for (; i + Vector<float>.Count <= width; i += Vector<float>.Count)
        {
            Vector<float> s0 = default, s1 = default;
            var r = 0;
            for (; r + 2 <= rows; r += 2)
            {
                s0 += Vector.Load(a.Row(r) + i) * Vector.Load(b.Row(r) + i);
                s1 += Vector.Load(a.Row(r + 1) + i) * Vector.Load(b.Row(r + 1) + i);
            }
            for (; r < rows; r++)
                s0 += Vector.Load(a.Row(r) + i) * Vector.Load(b.Row(r) + i);
            (Vector.Load(sum + i) + (s0 + s1)).Store(sum + i);
        }
        for (; i < width; i++)
            for (var r = 0; r < rows; r++)
                sum[i] += a.Row(r)[i] * b.Row(r)[i];
    }
}
