using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Reads the values of one input from JSON. Null is a missing value for numbers with a NaN and for text; <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>
/// are read as what they say.
/// </summary>
internal static class ValueReader
{
    private delegate T Reader<T>(ref Utf8JsonReader reader, in Place place);

    /// <exception cref="RequestException">The values do not fit the input; it names the row and the field.</exception>
    public static void Read(ref Utf8JsonReader reader, RowBuffer rows, int row, ModelColumn input)
    {
        switch (input.Type)
        {
            case ColumnType.Single:
                Read(ref reader, rows.Values<float>(row, input.Name), row, input, Single);
                break;
            case ColumnType.Double:
                Read(ref reader, rows.Values<double>(row, input.Name), row, input, Double);
                break;
            case ColumnType.Int32:
                Read(ref reader, rows.Values<int>(row, input.Name), row, input,
                    static (ref r, in place) => r.TokenType == JsonTokenType.Number && r.TryGetInt32(out var value) ? value : throw place.Bad(ref r));
                break;
            case ColumnType.Int64:
                Read(ref reader, rows.Values<long>(row, input.Name), row, input,
                    static (ref r, in place) => r.TokenType == JsonTokenType.Number && r.TryGetInt64(out var value) ? value : throw place.Bad(ref r));
                break;
            case ColumnType.UInt32:
                Read(ref reader, rows.Values<uint>(row, input.Name), row, input,
                    static (ref r, in place) => r.TokenType == JsonTokenType.Number && r.TryGetUInt32(out var value) ? value : throw place.Bad(ref r));
                break;
            case ColumnType.Boolean:
                Read(ref reader, rows.Values<bool>(row, input.Name), row, input,
                    static (ref r, in place) => r.TokenType is JsonTokenType.True or JsonTokenType.False ? r.GetBoolean() : throw place.Bad(ref r));
                break;
            case ColumnType.Text:
                Read(ref reader, rows.Texts(row, input.Name), row, input,
                    static (ref r, in place) => r.TokenType is JsonTokenType.String or JsonTokenType.Null ? Text(ref r) : throw place.Bad(ref r));
                break;
        }
    }

    /// <summary>Whether a string or the name of a property is the given one; what is no valid Unicode never is.</summary>
    public static bool Is(ref Utf8JsonReader reader, string text) => reader.ValueIsEscaped ? Text(ref reader) == text : reader.ValueTextEquals(text);

    /// <summary>A string or the name of a property; what is no valid Unicode is replaced, as everywhere in .NET.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private static void Read<T>(ref Utf8JsonReader reader, Span<T> to, int row, ModelColumn input, Reader<T> read)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            if (to.Length > 1)
                throw new Place(row, input, 0).Wrong("is not an array");
            to[0] = read(ref reader, new(row, input, 0));
            return;
        }
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == to.Length)
                throw new Place(row, input, 0).Wrong($"has more than {to.Length} values");
            to[count] = read(ref reader, new(row, input, count));
            count++;
        }
        if (count < to.Length)
            throw new Place(row, input, 0).Wrong($"has {count} values");
    }

    private static float Single(ref Utf8JsonReader reader, in Place place)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value))
            return value;
        return (float)Named(ref reader, place);
    }

    private static double Double(ref Utf8JsonReader reader, in Place place)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value))
            return value;
        return Named(ref reader, place);
    }

    private static double Named(ref Utf8JsonReader reader, in Place place) => reader.TokenType switch
    {
        JsonTokenType.Null => double.NaN,
        JsonTokenType.String when Is(ref reader, "NaN") => double.NaN,
        JsonTokenType.String when Is(ref reader, "Infinity") => double.PositiveInfinity,
        JsonTokenType.String when Is(ref reader, "-Infinity") => double.NegativeInfinity,
        _ => throw place.Bad(ref reader),
    };

    /// <summary>Where a value stands, for what is said of it.</summary>
    private readonly record struct Place(int Row, ModelColumn Input, int Index)
    {
        private const int LongestShown = 40;

        public RequestException Bad(ref Utf8JsonReader reader)
        {
            var shown = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? reader.TokenType.ToString() : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
            if (shown.Length > LongestShown)
                shown = $"{shown[..LongestShown]}…";
            var field = Input.Width > 1 ? $"{Input.Name}[{Index}]" : Input.Name;
            return new(StatusCodes.Status400BadRequest, $"'{field}' is {(shown.Length > 0 ? shown : "\"\"")}, which is no {Input.Type}.", field, Row);
        }

        public RequestException Wrong(string what) => new(StatusCodes.Status400BadRequest, $"'{Input.Name}' {what}; the model takes {Input}.", Input.Name, Row);
    }
}
