using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Reads rows from JSON by the schema of a model: an object is one row, an array of objects many. A row has every input under its name, and nothing else.
/// </summary>
internal static class RowReader
{
    /// <summary>An array of rows, a row, an array of values.</summary>
    private static readonly JsonReaderOptions s_json = new() { MaxDepth = 3 };

    /// <summary>Looks through an array of rows before memory is taken for them; a single row is not looked at here.</summary>
    /// <exception cref="RequestException">The body is no row or array of them, or has too many.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static (int Rows, bool IsArray) Count(ReadOnlySpan<byte> body, int maxRows)
    {
        var reader = new Utf8JsonReader(body, s_json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            return (1, false);
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Bad("The body has to be an object, one row, or an array of them.");
        var rows = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw Bad($"Row {rows} is no object.", row: rows);
            if (++rows > maxRows)
                throw new RequestException(StatusCodes.Status413PayloadTooLarge, $"There are more than {maxRows:N0} rows; send fewer at a time.");
            reader.Skip();
        }
        return rows > 0 ? (rows, true) : throw Bad("There are no rows.");
    }

    /// <summary>Fills in rows that were counted before, and reads the body to its end.</summary>
    /// <exception cref="RequestException">A row does not fit the schema; it names the row and the field.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static void Fill(ReadOnlySpan<byte> body, RowBuffer rows)
    {
        var reader = new Utf8JsonReader(body, s_json);
        var row = 0;
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.StartObject)
                ReadRow(ref reader, rows, row++);
    }

    private static void ReadRow(ref Utf8JsonReader reader, RowBuffer rows, int row)
    {
        var inputs = rows.Schema.Inputs;
        Span<bool> seen = inputs.Count <= 256 ? stackalloc bool[inputs.Count] : new bool[inputs.Count];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = 0;
            while (column < inputs.Count && !ValueReader.Is(ref reader, inputs[column].Name))
                column++;
            if (column == inputs.Count)
            {
                var unknown = ValueReader.Text(ref reader);
                throw Bad($"The model has no input '{unknown}'; it takes {ModelDescription.List(inputs)}.", unknown, row);
            }
            if (seen[column])
                throw Bad($"'{inputs[column].Name}' is given twice.", inputs[column].Name, row);
            seen[column] = true;
            reader.Read();
            ValueReader.Read(ref reader, rows, row, inputs[column]);
        }
        var missing = seen.IndexOf(false);
        if (missing >= 0)
            throw Bad($"'{inputs[missing].Name}' is missing; the model takes {ModelDescription.List(inputs)}.", inputs[missing].Name, row);
    }

    private static RequestException Bad(string detail, string? field = null, int? row = null) => new(StatusCodes.Status400BadRequest, detail, field, row);
}
