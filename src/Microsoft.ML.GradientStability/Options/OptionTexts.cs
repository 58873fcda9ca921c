using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Options whose values are all text, as a configuration has them: each gets the type that its option asks for, a list of numbered keys becomes an
/// array, the name of a strategy alone a strategy. Names that there are not are left for <see cref="OptionNames"/> to refuse.
/// </summary>
internal static class OptionTexts
{
    private const string Discriminator = "$type";

    /// <param name="texts">An object.</param>
    /// <param name="type">Of the options.</param>
    /// <exception cref="JsonException">It names an option or a strategy that there is not, or a value is of another type.</exception>
    public static TrainingOptions Read(JsonNode texts, Type type)
    {
        var options = texts.DeepClone().AsObject();
        options.Remove(Discriminator);
        var typed = Typed(options, OptionsJson.TypeOf(type), "$")!.AsObject();
        typed.Insert(0, Discriminator, type.GetCustomAttribute<TaskNameAttribute>()!.Name);
        return OptionsJson.Read(typed.ToJsonString());
    }

    private static JsonNode? Typed(JsonNode? value, JsonTypeInfo type, string place) => (value, type.Kind) switch
    {
        (JsonObject list, JsonTypeInfoKind.Enumerable) => new JsonArray([.. list.Select(item => Typed(item.Value, OptionsJson.TypeOf(type.ElementType!), $"{place}[{item.Key}]"))]),
        (JsonValue empty, JsonTypeInfoKind.Enumerable) when empty.GetValue<string>().Length == 0 => new JsonArray(),
        (JsonValue name, JsonTypeInfoKind.Object) => new JsonObject { [Discriminator] = name.DeepClone() },
        (JsonObject members, JsonTypeInfoKind.Object) => Members(members, Variant(members, type), place),
        (JsonValue text, _) => Leaf(text.GetValue<string>(), Nullable.GetUnderlyingType(type.Type) ?? type.Type, place),
        _ => null,
    };

    private static JsonObject Members(JsonObject members, JsonTypeInfo type, string place)
    {
        var typed = new JsonObject();
        foreach (var (name, value) in members)
            if (type.Properties.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } property && name != Discriminator)
                typed[property.Name] = Typed(value, OptionsJson.TypeOf(property.PropertyType), $"{place}.{property.Name}");
            else
                typed[name] = value?.DeepClone();
        return typed;
    }

    /// <summary>The member of a family that is named.</summary>
    private static JsonTypeInfo Variant(JsonObject members, JsonTypeInfo type) =>
        type.PolymorphismOptions?.DerivedTypes.FirstOrDefault(variant => variant.TypeDiscriminator as string == (string?)members[Discriminator]) is { DerivedType: { } derived }
            ? OptionsJson.TypeOf(derived)
            : type;

    private static JsonNode? Leaf(string text, Type type, string place)
    {
        if (type == typeof(string) || type.IsEnum)
            return text;
        if (text.Length == 0)
            return null;
        if (type == typeof(bool))
            return bool.TryParse(text, out var flag) ? flag : throw new JsonException($"{place} is '{text}'. It is true or false.");
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonNode.Parse(text.TrimStart('+'))
            : throw new JsonException($"{place} is '{text}'. It is a number, with a point for decimals.");
    }
}
