using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>What an algorithm does to a number of the parameters in a step; one formula for the host, as many numbers as a register holds at a time, and for a device.</summary>
internal interface INumberStep
{
    /// <param name="weight">w, moved.</param>
    /// <param name="gradient">g.</param>
    /// <param name="first">What is remembered of it from step to step; 0 at first, and always where nothing is.</param>
    /// <param name="second">The same.</param>
    /// <param name="third">The same.</param>
    void Take<T>(ref T weight, T gradient, ref T first, ref T second, ref T third) where T : struct, INumbers<T>;
}

/// <summary>A step over many numbers that on the host reads and writes each once, and makes nothing beside them.</summary>
internal static class OnePass
{
    /// <summary>Takes the step, by gradients times <paramref name="scale"/>. What is remembered is as long as the weights are, or empty for nothing.</summary>
    public static void Take<TStep>(this TStep step, FlatNumbers weights, FlatNumbers gradients, float scale,
        FlatNumbers first, FlatNumbers second = default, FlatNumbers third = default) where TStep : struct, INumberStep
    {
        if (weights.Device is null)
            OnHost(step, weights.Host, gradients.Host, scale, first.Host, second.Host, third.Host);
        else
            OnDevice(step, weights.Device, new(gradients.Device!), scale, first.Device, second.Device, third.Device);
    }

    private static void OnDevice<TStep>(in TStep step, Tensor weights, DeviceNumbers gradients, float scale, Tensor? first, Tensor? second, Tensor? third)
        where TStep : struct, INumberStep
    {
        using var scope = NewDisposeScope();
        var nothing = zeros(1, dtype: ScalarType.Float32, device: weights.device);
        DeviceNumbers w = new(weights), a = new(first ?? nothing), b = new(second ?? nothing), c = new(third ?? nothing);
        step.Take(ref w, scale == 1 ? gradients : new Factor(scale) * gradients, ref a, ref b, ref c);
        weights.copy_(w.Tensor);
        first?.copy_(a.Tensor);
        second?.copy_(b.Tensor);
        third?.copy_(c.Tensor);
    }

    private static void OnHost<TStep>(in TStep step, Span<float> weights, ReadOnlySpan<float> gradients, float scale,
        Span<float> first, Span<float> second, Span<float> third) where TStep : struct, INumberStep
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
        var (own, factor) = (step, new Factor(scale));
        ref var w = ref MemoryMarshal.GetReference(weights);
        ref var g = ref MemoryMarshal.GetReference(gradients);
        ref var a = ref MemoryMarshal.GetReference(first);
        ref var b = ref MemoryMarshal.GetReference(second);
        ref var c = ref MemoryMarshal.GetReference(third);
        var (hasFirst, hasSecond, hasThird) = (first.Length > 0, second.Length > 0, third.Length > 0);
        for (nuint i = 0; i < (nuint)weights.Length; i += (nuint)Vector<float>.Count)
        {
            LaneNumbers weight = new(Vector.LoadUnsafe(ref w, i)), one = default, two = default, three = default;
            if (hasFirst)
                one = new(Vector.LoadUnsafe(ref a, i));
            if (hasSecond)
                two = new(Vector.LoadUnsafe(ref b, i));
            if (hasThird)
                three = new(Vector.LoadUnsafe(ref c, i));
            own.Take(ref weight, factor * new LaneNumbers(Vector.LoadUnsafe(ref g, i)), ref one, ref two, ref three);
            weight.Lanes.StoreUnsafe(ref w, i);
            if (hasFirst)
                one.Lanes.StoreUnsafe(ref a, i);
            if (hasSecond)
                two.Lanes.StoreUnsafe(ref b, i);
            if (hasThird)
                three.Lanes.StoreUnsafe(ref c, i);
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
