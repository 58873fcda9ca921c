using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.GradientStability;

/// <summary>What an algorithm does to a number of the parameters in a step, for as many of them as a vector holds.</summary>
internal interface INumberStep
{
    /// <param name="weight">w, moved.</param>
    /// <param name="gradient">g.</param>
    /// <param name="first">What is remembered of it from step to step; 0 at first, and always where nothing is.</param>
    /// <param name="second">The same.</param>
    /// <param name="third">The same.</param>
    void Take(ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third);
}

/// <summary>A step over many numbers that reads and writes each once, and makes nothing beside them.</summary>
internal static class OnePass
{
    /// <summary>Takes the step, by gradients times <paramref name="scale"/>. What is remembered is as long as the weights are, or empty for nothing.</summary>
    public static void Take<TStep>(this TStep step, Span<float> weights, ReadOnlySpan<float> gradients, float scale,
        Span<float> first, Span<float> second = default, Span<float> third = default) where TStep : struct, INumberStep
    {
        var all = weights.Length - weights.Length % Vector<float>.Count;
        Whole(step, weights[..all], gradients, scale, first, second, third);
        if (all == weights.Length)
            return;
        // The last numbers, in vectors of which the rest is nobody's.
        Span<float> last = stackalloc float[5 * Vector<float>.Count];
        last.Clear();
        var w = Copy(weights, all, last);
        var g = Copy(gradients, all, last[Vector<float>.Count..]);
        var a = Copy(first, all, last[(2 * Vector<float>.Count)..]);
        var b = Copy(second, all, last[(3 * Vector<float>.Count)..]);
        var c = Copy(third, all, last[(4 * Vector<float>.Count)..]);
        Whole(step, w, g, scale, a, b, c);
        PutBack(w, weights, all);
        PutBack(a, first, all);
        PutBack(b, second, all);
        PutBack(c, third, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole<TStep>(in TStep step, Span<float> weights, ReadOnlySpan<float> gradients, float scale,
        Span<float> first, Span<float> second, Span<float> third)
        where TStep : struct, INumberStep
    {
        var own = step;
        ref var w = ref MemoryMarshal.GetReference(weights);
        ref var g = ref MemoryMarshal.GetReference(gradients);
        ref var a = ref MemoryMarshal.GetReference(first);
        ref var b = ref MemoryMarshal.GetReference(second);
        ref var c = ref MemoryMarshal.GetReference(third);
        var (hasFirst, hasSecond, hasThird) = (first.Length > 0, second.Length > 0, third.Length > 0);
        for (nuint i = 0; i < (nuint)weights.Length; i += (nuint)Vector<float>.Count)
        {
            var weight = Vector.LoadUnsafe(ref w, i);
            var one = hasFirst ? Vector.LoadUnsafe(ref a, i) : default;
            var two = hasSecond ? Vector.LoadUnsafe(ref b, i) : default;
            var three = hasThird ? Vector.LoadUnsafe(ref c, i) : default;
            own.Take(ref weight, Vector.LoadUnsafe(ref g, i) * scale, ref one, ref two, ref three);
            weight.StoreUnsafe(ref w, i);
            if (hasFirst)
                one.StoreUnsafe(ref a, i);
            if (hasSecond)
                two.StoreUnsafe(ref b, i);
            if (hasThird)
                three.StoreUnsafe(ref c, i);
        }
    }

    /// <summary>The numbers from <paramref name="start"/> on at the beginning of a vector; none of none.</summary>
    private static Span<float> Copy(ReadOnlySpan<float> numbers, int start, Span<float> vector)
    {
        if (numbers.IsEmpty)
            return default;
        numbers[start..].CopyTo(vector);
        return vector[..Vector<float>.Count];
    }

    private static void PutBack(ReadOnlySpan<float> vector, Span<float> numbers, int start)
    {
        if (!numbers.IsEmpty)
            vector[..(numbers.Length - start)].CopyTo(numbers[start..]);
    }
}
