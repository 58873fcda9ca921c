using System.Text;

namespace Microsoft.ML.GradientStability.Serving.Tests;

/// <summary>A protobuf message as it is written, field by field.</summary>
internal sealed class Proto
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToBytes() => _bytes.ToArray();

    public Proto Add(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public Proto Add(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public Proto Add(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public Proto Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    public Proto Add(int field, Proto value) => Add(field, value.ToBytes());

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}
