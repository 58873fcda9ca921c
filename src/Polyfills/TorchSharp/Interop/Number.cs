namespace TorchSharp;

/// A scalar argument in two registers: the bits of a double, an integer or a boolean.
internal readonly struct Number(long bits, torch.ScalarType type)
{
    private readonly long _bits = bits;
    private readonly int _type = (int)type;

    public torch.ScalarType Type => (torch.ScalarType)_type;
    public double AsDouble => Type == torch.ScalarType.Float64 ? BitConverter.Int64BitsToDouble(_bits) : _bits;
    public long AsInt64 => Type == torch.ScalarType.Float64 ? checked((long)BitConverter.Int64BitsToDouble(_bits)) : _bits;
    public bool AsBoolean => AsDouble != 0;

    public static implicit operator Number(double value) => new(BitConverter.DoubleToInt64Bits(value), torch.ScalarType.Float64);
    public static implicit operator Number(long value) => new(value, torch.ScalarType.Int64);
    public static implicit operator Number(bool value) => new(value ? 1 : 0, torch.ScalarType.Bool);
}
