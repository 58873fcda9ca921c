using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A stream of random numbers that depends on its key alone, drawn straight into spans: eight generators xoshiro128++ side by side (Blackman
/// and Vigna 2021, "Scrambled linear pseudorandom number generators"; the reference code is in the public domain), their states filled by
/// SplitMix64 as its authors advise. Integers only, so that every processor draws the same.
/// </summary>
internal struct RandomNumbers
{
    private const int Lanes = 8;

    /// <summary>2⁻²⁴: what a Single holds between 0 and 1 in equal steps.</summary>
    private const float Step = 1f / (1 << 24);

    private Vector256<uint> _s0;
    private Vector256<uint> _s1;
    private Vector256<uint> _s2;
    private Vector256<uint> _s3;

    public RandomNumbers(ulong key)
    {
        Span<uint> state = stackalloc uint[4 * Lanes];
        var words = MemoryMarshal.Cast<uint, ulong>(state);
        for (var i = 0; i < words.Length; i++)
            words[i] = SplitMix64.Next(ref key);
        (_s0, _s1) = (Vector256.Create(state[..Lanes]), Vector256.Create(state[Lanes..]));
        (_s2, _s3) = (Vector256.Create(state[(2 * Lanes)..]), Vector256.Create(state[(3 * Lanes)..]));
    }

    /// <summary>All eight generators in the same state, not all of it 0.</summary>
    internal RandomNumbers(uint s0, uint s1, uint s2, uint s3) =>
        (_s0, _s1, _s2, _s3) = (Vector256.Create(s0), Vector256.Create(s1), Vector256.Create(s2), Vector256.Create(s3));

    /// <summary>The next number of each generator.</summary>
    public Vector256<uint> Next()
    {
        var sum = _s0 + _s3;
        var result = Rotate(sum, 7) + _s0;
        var shifted = _s1 << 9;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = Rotate(_s3, 11);
        return result;
    }

    /// <summary>Fills with <paramref name="value"/> at the given probability, and with 0 elsewhere.</summary>
    /// <param name="probability">In (0, 1].</param>
    /// <param name="value">What is not 0.</param>
    /// <param name="mask">The place to fill.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillMask(double probability, float value, Span<float> mask)
    {
        // A number of 24 bits is below the bound with the probability asked for; unlike 32 bits it may be compared as signed.
        var bound = Vector256.Create((int)Math.Round(probability * (1 << 24)));
        var values = Vector256.Create(value).AsInt32();
        var random = this;
        while (mask.Length >= Lanes)
        {
            (Vector256.LessThan((random.Next() >> 8).AsInt32(), bound) & values).AsSingle().CopyTo(mask);
            mask = mask[Lanes..];
        }
        if (mask.Length > 0)
        {
            Span<float> last = stackalloc float[Lanes];
            (Vector256.LessThan((random.Next() >> 8).AsInt32(), bound) & values).AsSingle().CopyTo(last);
            last[..mask.Length].CopyTo(mask);
        }
        this = random;
    }

    /// <summary>Fills with numbers uniform in [−bound, bound).</summary>
    public void FillUniform(float bound, Span<float> values)
    {
        Fill(values);
        TensorPrimitives.Multiply(values, 2 * bound, values);
        TensorPrimitives.Subtract(values, bound, values);
    }

    /// <summary>Fills with normal numbers of mean 0: √(−2·ln u)·(cos 2πv, sin 2πv) of two uniform ones (Box and Muller 1958).</summary>
    public void FillNormal(float standardDeviation, Span<float> values)
    {
        const int pairs = 512;
        Span<float> radius = stackalloc float[pairs], angle = stackalloc float[pairs], sine = stackalloc float[pairs];
        while (values.Length > 0)
        {
            Fill(radius);
            Fill(angle);
            // 1 − u lies in (0, 1] as u lies in [0, 1): its logarithm is finite.
            TensorPrimitives.Subtract(1f, radius, radius);
            TensorPrimitives.Log(radius, radius);
            TensorPrimitives.Multiply(radius, -2 * standardDeviation * standardDeviation, radius);
            TensorPrimitives.Sqrt(radius, radius);
            TensorPrimitives.Multiply(angle, 2 * MathF.PI, angle);
            TensorPrimitives.Sin(angle, sine);
            TensorPrimitives.Cos(angle, angle);
            TensorPrimitives.Multiply(angle, radius, angle);
            TensorPrimitives.Multiply(sine, radius, sine);
            var first = Math.Min(pairs, values.Length);
            angle[..first].CopyTo(values);
            values = values[first..];
            var second = Math.Min(pairs, values.Length);
            sine[..second].CopyTo(values);
            values = values[second..];
        }
    }

    /// <summary>Fills with numbers uniform in [0, 1).</summary>
    private void Fill(Span<float> values)
    {
        while (values.Length >= Lanes)
        {
            Unit().CopyTo(values);
            values = values[Lanes..];
        }
        if (values.Length == 0)
            return;
        Span<float> last = stackalloc float[Lanes];
        Unit().CopyTo(last);
        last[..values.Length].CopyTo(values);
    }

    private Vector256<float> Unit() => Vector256.ConvertToSingle((Next() >> 8).AsInt32()) * Step;

    private static Vector256<uint> Rotate(Vector256<uint> value, int bits) => (value << bits) | (value >> (32 - bits));
}
