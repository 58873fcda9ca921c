using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>The length of a vector.</summary>
internal static class L2Norm
{
    /// <summary>
    /// √Σx², exact over the whole range of Single: where the squares overflow or underflow, the values are first scaled by their
    /// greatest magnitude.
    /// </summary>
    public static double Of(ReadOnlySpan<float> values)
    {
        double sum = SumOfSquares(values);
        if (sum is > 1e-30 and < 1e30)
            return Math.Sqrt(sum);

        var greatest = Math.Abs((double)TensorPrimitives.MaxMagnitude(values));
        if (greatest == 0 || !double.IsFinite(greatest))
            return greatest;
        sum = 0;
        foreach (var value in values)
            sum += value / greatest * (value / greatest);
        return greatest * Math.Sqrt(sum);
    }

    /// <summary>The norms of parts of a tensor on a device, and behind them other numbers of it, in one copy.</summary>
    /// <param name="values">Of one dimension.</param>
    /// <param name="parts">Which parts.</param>
    /// <param name="others">Tensors of one number.</param>
    public static double[] Of<TPart>(Tensor values, ReadOnlySpan<TPart> parts, params ReadOnlySpan<Tensor> others) where TPart : struct, IFlatPart
    {
        using var scope = NewDisposeScope();
        // The squares of Single neither overflow nor underflow in Double.
        var squares = values.to(ScalarType.Float64).square();
        var numbers = new Tensor[parts.Length + others.Length];
        for (var i = 0; i < parts.Length; i++)
            numbers[i] = squares.narrow(0, parts[i].Offset, parts[i].Length).sum().sqrt_().view(1);
        for (var i = 0; i < others.Length; i++)
            numbers[parts.Length + i] = others[i].to(ScalarType.Float64).view(1);
        return MemoryMarshal.Cast<byte, double>(cat(numbers).cpu().bytes).ToArray();
    }

    /// <summary>The norm of every row of a tensor on a device (rows), in Double, where their squares have room.</summary>
    /// <param name="values">Of one dimension.</param>
    /// <param name="columns">Numbers a row.</param>
    public static Tensor OfRows(Tensor values, int columns) => values.view(-1, columns).to(ScalarType.Float64).square().sum(1).sqrt_();

    /// <summary>√Σ(a − b)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> s0 = default, s1 = default;
        var i = 0;
        for (; i + 2 <= x.Length; i += 2)
        {
            var (d0, d1) = (x[i] - y[i], x[i + 1] - y[i + 1]);
            s0 += d0 * d0;
            s1 += d1 * d1;
        }
        for (; i < x.Length; i++)
            s0 += (x[i] - y[i]) * (x[i] - y[i]);
        var sum = Vector.Sum(s0 + s1);
        for (var rest = x.Length * Vector<float>.Count; rest < a.Length; rest++)
            sum += (a[rest] - b[rest]) * (a[rest] - b[rest]);
        return Math.Sqrt(sum);
    }

    /// <summary>In four sums side by side: one would wait for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumOfSquares(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            s0 += vectors[i] * vectors[i];
            s1 += vectors[i + 1] * vectors[i + 1];
            s2 += vectors[i + 2] * vectors[i + 2];
            s3 += vectors[i + 3] * vectors[i + 3];
        }
        for (; i < vectors.Length; i++)
            s0 += vectors[i] * vectors[i];
        var sum = Vector.Sum(s0 + s1 + (s2 + s3));
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
            sum += value * value;
        return sum;
    }
}
