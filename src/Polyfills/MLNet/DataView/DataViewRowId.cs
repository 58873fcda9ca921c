using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit name of a row. New names are made by rounds of MurmurHash3 (x64, 128 bits).</summary>
public readonly struct DataViewRowId(ulong low, ulong high) : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public readonly ulong Low = low;
    public readonly ulong High = high;

    public DataViewRowId Fork() => Round(BitOperations.RotateLeft(C1, 31) * C2, 0, lateMix: true);

    public DataViewRowId Next() => Round(0, 0, lateMix: true);

    public DataViewRowId Combine(DataViewRowId other)
    {
        var key = other.Fork();
        var k1 = BitOperations.RotateLeft(key.Low * C1, 31) * C2;
        var k2 = BitOperations.RotateLeft(key.High * C2, 33) * C1;
        return Round(k1, k2, lateMix: false);
    }

    public int CompareTo(DataViewRowId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object? obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    // Combining mixes the key in before the rotation, forking after the round.
    private DataViewRowId Round(ulong k1, ulong k2, bool lateMix)
    {
        var h1 = lateMix ? Low : Low ^ k1;
        h1 = (BitOperations.RotateLeft(h1, 27) + High) * 5 + 0x52dce729;
        var h2 = (BitOperations.RotateLeft(High ^ k2, 31) + h1) * 5 + 0x38495ab5;
        return new DataViewRowId(lateMix ? h1 ^ k1 : h1, h2);
    }
}
