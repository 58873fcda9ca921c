using System.Text.Json;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Rows that a file carries in its metadata, with what the model gave for them when it was exported. A file is put in service only if it still gives that,
/// on each device. The entry <c>selfcheck</c> is a JSON object: <c>inputs</c> holds an array a column and <c>outputs</c> too, an element a row, which is
/// one value, or an array of as many as the column is wide; <c>tolerance</c> (1e-4 by default) is the greatest difference of a number, relative to the
/// greatest expected magnitude of its output. NaN and infinity are written as <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>; whole numbers, texts and
/// Booleans have to be equal. Outputs may be left out.
/// </summary>
internal sealed record SelfCheck
{
    public const string Key = "selfcheck";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public required Dictionary<string, JsonElement[]> Inputs { get; init; }

    public required Dictionary<string, JsonElement[]> Outputs { get; init; }

    public double Tolerance { get; init; } = 1e-4;

    /// <exception cref="ModelFileException">The entry is damaged, or the model gives something else; the message says for which row.</exception>
    public static void Run(ModelShape shape, BatchTensors tensors, OnnxDevice device)
    {
        if (!shape.Schema.Metadata.TryGetValue(Key, out var json))
            return;
        try
        {
            var check = JsonSerializer.Deserialize<SelfCheck>(json, s_json) ?? throw new JsonException("it is null");
            check.Compare(check.Score(shape, tensors), device);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ModelFileException($"its metadata '{Key}' cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private Predictions Score(ModelShape shape, BatchTensors tensors)
    {
        var rows = Inputs.Values.Concat(Outputs.Values).Select(values => values.Length).Distinct().ToArray() is [> 0 and var count]
            ? count
            : throw new JsonException("every column must have the same number of rows, at least one");
        var (numbers, texts) = (new byte[rows * shape.Inputs.Bytes], new string?[rows * shape.Inputs.Texts]);
        for (var column = 0; column < shape.Inputs.Columns.Length; column++)
        {
            var input = shape.Inputs.Columns[column];
            if (!Inputs.TryGetValue(input.Name, out var values))
                throw new JsonException($"it has no input '{input.Name}'");
            for (var row = 0; row < rows; row++)
                if (input.Type == ColumnType.Text)
                    JsonValues.ReadTexts(values[row], input, shape.Inputs.Text(texts, row, column));
                else
                    JsonValues.ReadNumbers(values[row], input, shape.Inputs.Numbers(numbers, row, column));
        }
        var results = new Predictions(shape, rows);
        for (var row = 0; row < rows; row++)
        {
            var missing = shape.Missing.Find(numbers, row);
            tensors.Set(0, 1, numbers, texts, row, missing is not null);
            tensors.Run(1);
            tensors.Get(0, 1, results, row, missing);
        }
        return results;
    }

    private void Compare(Predictions got, OnnxDevice device)
    {
        foreach (var (name, expected) in Outputs)
        {
            var column = got.Layout.Find(name);
            if (column < 0)
                throw new JsonException($"the model has no output '{name}'");
            var output = got.Layout.Columns[column];
            if (output.Type == ColumnType.Text)
            {
                var texts = new string?[output.Width];
                for (var row = 0; row < got.Count; row++)
                {
                    JsonValues.ReadTexts(expected[row], output, texts);
                    Differ(texts.AsSpan().SequenceEqual(got.Layout.Text(got.Texts, row, column)), name, row, device);
                }
                continue;
            }
            var values = new byte[output.Width * output.Type.Bytes()];
            var scale = output.IsNumberWithNaN ? expected.Max(row => Magnitude(row, output, values)) : 0;
            for (var row = 0; row < got.Count; row++)
            {
                JsonValues.ReadNumbers(expected[row], output, values);
                Differ(Agree(output.Type, values, got.Layout.Numbers(got.Numbers, row, column), Tolerance * scale), name, row, device);
            }
        }
    }

    private static double Magnitude(JsonElement row, ModelColumn output, byte[] values)
    {
        JsonValues.ReadNumbers(row, output, values);
        return JsonValues.ToDoubles(output.Type, values).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
    }

    private static bool Agree(ColumnType type, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> got, double tolerance)
    {
        if (type is not (ColumnType.Single or ColumnType.Double))
            return expected.SequenceEqual(got);
        return JsonValues.ToDoubles(type, expected).Zip(JsonValues.ToDoubles(type, got)).All(pair => pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= tolerance);
    }

    private static void Differ(bool agrees, string output, int row, OnnxDevice device)
    {
        if (!agrees)
            throw new ModelFileException(Invariant($"its self-check fails on {device}: '{output}' of row {row} is not what it was when the model was exported"));
    }
}
