using System.Text.Json;

namespace Microsoft.ML.GradientStability.Serving;

/// <summary>
/// Writes predictions as JSON: an object a row with every output under its name, one value or an array; labels by the names of their classes. What JSON has no
/// number for, NaN and infinity, is null. A row without a prediction has null for all, and says why as <c>missing</c>.
/// </summary>
internal static class PredictionWriter
{
    public const string Missing = "missing";

    public static void Write(Utf8JsonWriter writer, Predictions predictions, bool isArray)
    {
        if (isArray)
            writer.WriteStartArray();
        for (var row = 0; row < predictions.Count; row++)
            Write(writer, predictions[row]);
        if (isArray)
            writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Prediction prediction)
    {
        var missing = prediction.Missing;
        writer.WriteStartObject();
        foreach (var output in prediction.Schema.Outputs)
        {
            writer.WritePropertyName(output.Name);
            if (output.IsLabel(prediction.Schema))
                writer.WriteStringValue(prediction.Label);
            else if (output.Width == 1)
                WriteValue(writer, prediction, output, 0, missing is not null);
            else
            {
                writer.WriteStartArray();
                for (var i = 0; i < output.Width; i++)
                    WriteValue(writer, prediction, output, i, missing is not null);
                writer.WriteEndArray();
            }
        }
        if (missing is not null)
            writer.WriteString(Missing, missing);
        writer.WriteEndObject();
    }

    /// <summary>Whether an output is an index that has a name.</summary>
    public static bool IsLabel(this ModelColumn output, ModelSchema schema) =>
        output is { Name: "PredictedLabel", Type: ColumnType.Int64, Width: 1 } && schema.Classes.Count > 0;

    private static void WriteValue(Utf8JsonWriter writer, Prediction prediction, ModelColumn output, int index, bool isMissing)
    {
        if (isMissing)
        {
            writer.WriteNullValue();
            return;
        }
        switch (output.Type)
        {
            case ColumnType.Single:
                var single = prediction.Values<float>(output.Name)[index];
                if (float.IsFinite(single))
                    writer.WriteNumberValue(single);
                else
                    writer.WriteNullValue();
                break;
            case ColumnType.Double:
                var number = prediction.Values<double>(output.Name)[index];
                if (double.IsFinite(number))
                    writer.WriteNumberValue(number);
                else
                    writer.WriteNullValue();
                break;
            case ColumnType.Int32:
                writer.WriteNumberValue(prediction.Values<int>(output.Name)[index]);
                break;
            case ColumnType.Int64:
                writer.WriteNumberValue(prediction.Values<long>(output.Name)[index]);
                break;
            case ColumnType.UInt32:
                writer.WriteNumberValue(prediction.Values<uint>(output.Name)[index]);
                break;
            case ColumnType.Boolean:
                writer.WriteBooleanValue(prediction.Values<bool>(output.Name)[index]);
                break;
            case ColumnType.Text:
                writer.WriteStringValue(prediction.Texts(output.Name)[index]);
                break;
        }
    }
}
