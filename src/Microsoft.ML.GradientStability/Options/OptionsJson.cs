using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.GradientStability;

/// <summary>Options as JSON, and what differs between two of them.</summary>
internal static class OptionsJson
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        AllowOutOfOrderMetadataProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddTasks } },
        WriteIndented = true,
    };

    public static string Write(TrainingOptions options) => JsonSerializer.Serialize(options, s_json);

    public static TrainingOptions Read(string json)
    {
        OptionNames.Check(JsonSerializer.Deserialize<JsonElement>(json), typeof(TrainingOptions), s_json);
        return JsonSerializer.Deserialize<TrainingOptions>(json, s_json)
            ?? throw new JsonException("The JSON is null, not the options of a trainer.");
    }

    /// <summary>How a type is read.</summary>
    public static JsonTypeInfo TypeOf(Type type) => s_json.GetTypeInfo(type);

    public static IEnumerable<OptionDifference> Differences(TrainingOptions here, TrainingOptions there)
    {
        var (left, right) = (Values(here), Values(there));
        foreach (var option in left.Keys.Union(right.Keys))
            if (left.GetValueOrDefault(option) is var mine && right.GetValueOrDefault(option) is var other && !JsonNode.DeepEquals(mine.Json, other.Json))
                yield return mine.Text != other.Text
                    ? new OptionDifference(option, mine.Text ?? "none", other.Text ?? "none")
                    : new OptionDifference(option, Exactly(mine.Json), Exactly(other.Json));
    }

    /// <summary>Every options class of a task, under the name that it carries.</summary>
    private static void AddTasks(JsonTypeInfo type)
    {
        if (type.Type != typeof(TrainingOptions))
            return;
        type.PolymorphismOptions = new JsonPolymorphismOptions();
        foreach (var options in typeof(TrainingOptions).Assembly.GetTypes())
            if (options.GetCustomAttribute<TaskNameAttribute>() is { } task)
                type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(options, task.Name));
    }

    /// <summary>With the numbers that the readable line leaves out.</summary>
    private static string Exactly(JsonNode? value) => value?.ToJsonString() ?? "null";

    /// <summary>Every option that is written, in JSON and as people read it.</summary>
    public static Dictionary<string, (JsonNode? Json, string Text)> Values(TrainingOptions options)
    {
        var values = new Dictionary<string, (JsonNode?, string)>();
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            {
                var value = property.GetValue(options);
                values[property.Name] = (JsonSerializer.SerializeToNode(value, property.PropertyType, s_json), Text(value));
            }
        return values;
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        string text => text,
        IEnumerable values => $"[{string.Join(", ", values.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
