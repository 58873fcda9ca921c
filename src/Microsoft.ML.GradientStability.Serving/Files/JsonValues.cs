using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>Values of a column as they stand in the metadata of a file: one, or an array of as many as the column is wide.</summary>
internal static class JsonValues
{
    /// <exception cref="JsonException">There are more or fewer values, or of another type.</exception>
    public static void ReadNumbers(JsonElement values, ModelColumn column, Span<byte> to)
    {
        var size = column.Type.Bytes();
        for (var i = 0; i < column.Width; i++)
            Read(Element(values, column, i), column.Type, to.Slice(i * size, size));
    }

    /// <exception cref="JsonException">There are more or fewer values, or of another type.</exception>
    public static void ReadTexts(JsonElement values, ModelColumn column, Span<string?> to)
    {
        for (var i = 0; i < column.Width; i++)
            to[i] = Element(values, column, i).GetString();
    }

    /// <summary>Values of Single or Double.</summary>
    public static double[] ToDoubles(ColumnType type, ReadOnlySpan<byte> bytes) => type == ColumnType.Double
        ? MemoryMarshal.Cast<byte, double>(bytes).ToArray()
        : [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(value => (double)value)];

    private static JsonElement Element(JsonElement values, ModelColumn column, int index)
    {
        if (values.ValueKind != JsonValueKind.Array)
            return column.Width == 1 ? values : throw new JsonException($"'{column.Name}' is one value where the model has {column}");
        return values.GetArrayLength() == column.Width ? values[index] : throw new JsonException($"'{column.Name}' has {values.GetArrayLength()} values where the model has {column}");
    }

    private static void Read(JsonElement value, ColumnType type, Span<byte> to)
    {
        switch (type)
        {
            case ColumnType.Single:
                MemoryMarshal.Write(to, (float)ReadDouble(value));
                break;
            case ColumnType.Double:
                MemoryMarshal.Write(to, ReadDouble(value));
                break;
            case ColumnType.Int32:
                MemoryMarshal.Write(to, value.GetInt32());
                break;
            case ColumnType.Int64:
                MemoryMarshal.Write(to, value.GetInt64());
                break;
            case ColumnType.UInt32:
                MemoryMarshal.Write(to, value.GetUInt32());
                break;
            default:
                MemoryMarshal.Write(to, value.GetBoolean());
                break;
        }
    }

    private static double ReadDouble(JsonElement value) => value.ValueKind != JsonValueKind.String ? value.GetDouble() : value.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var other => throw new JsonException($"'{other}' is no number"),
    };
}
