namespace TorchSharp.Utils;

/// Whole numbers in seven bits a byte, the lowest first; the eighth bit says that more follow.
internal static class Leb128
{
    public static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value > 0x7f; value >>= 7) writer.Write((byte)(value | 0x80));
        writer.Write((byte)value);
    }

    public static long Decode(this BinaryReader reader)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            long next = reader.ReadByte();
            value |= (next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }
}
