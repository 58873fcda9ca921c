using Microsoft.ML.Data;

namespace Microsoft.ML.Runtime;

/// <summary>
/// The hybrid Tausworthe generator (GPU Gems 3, chapter 37): three Tausworthe steps and a linear congruential one, combined by
/// exclusive or. Seeded by MurmurHash3 rounds, as ML.NET seeds it, so that a seed splits the same rows here and there.
/// </summary>
internal sealed class TauswortheRandom : Random
{
    private uint _z1, _z2, _z3, _z4;

    public TauswortheRandom(uint seed)
    {
        _z1 = seed;
        _z2 = Murmur3.Round(_z1, _z1);
        _z3 = Murmur3.Round(_z2, _z1);
        _z4 = Murmur3.Round(_z3, _z1);
    }

    public TauswortheRandom(Random source)
    {
        _z1 = LargeState(source);
        _z2 = LargeState(source);
        _z3 = LargeState(source);
        _z4 = Bits(source);
    }

    public override double NextDouble() => NextBits() * (1.0 / (1L << 32));

    // The sign bit is added in, which clears it.
    public override int Next()
    {
        var bits = NextBits();
        return (int)(bits + (bits & 0x80000000));
    }

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)((ulong)NextBits() * (ulong)maxValue >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        for (var i = 0; i < buffer.Length; i++)
            buffer[i] = (byte)Next();
    }

    /// <summary>A value in [0, 1) of 23 bits, so that the conversion to Single never rounds up to 1.</summary>
    public float NextUnitSingle() => (NextBits() >> 9) * (1f / (1 << 23));

    public uint NextBits()
    {
        _z1 = Step(_z1, 13, 19, 12, ~0x1u);
        _z2 = Step(_z2, 2, 25, 4, ~0x7u);
        _z3 = Step(_z3, 3, 11, 17, ~0xfu);
        _z4 = _z4 * 1664525 + 1013904223;
        return _z1 ^ _z2 ^ _z3 ^ _z4;
    }

    private static uint Step(uint z, int s1, int s2, int s3, uint mask) => (z & mask) << s3 ^ (z << s1 ^ z) >> s2;

    private static uint Bits(Random source) => (uint)source.Next(1 << 16) << 16 | (uint)source.Next(1 << 16);

    // The three Tausworthe states must be at least 128.
    private static uint LargeState(Random source)
    {
        uint bits;
        do
            bits = Bits(source);
        while (bits < 128);
        return bits;
    }
}
