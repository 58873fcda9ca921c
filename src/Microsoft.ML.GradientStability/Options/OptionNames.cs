using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Holds the names in JSON against the options that there are, and says of each that is none where it stands and what there is instead. The
/// serializer by itself takes the last of two, passes over what is not written, and names no place.
/// </summary>
internal static class OptionNames
{
    /// <param name="json">A value.</param>
    /// <param name="type">What it is read as.</param>
    /// <param name="serializer">Knows types and their names.</param>
    /// <param name="place">The path of the value in the whole. <c>$</c> for the whole.</param>
    /// <exception cref="JsonException">A name stands twice, or is none.</exception>
    public static void Check(JsonElement json, Type type, JsonSerializerOptions serializer, string place = "$")
    {
        var known = serializer.GetTypeInfo(type);
        if (json.ValueKind == JsonValueKind.Array && known is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item })
        {
            var index = 0;
            foreach (var element in json.EnumerateArray())
                Check(element, item, serializer, $"{place}[{index++}]");
        }
        if (json.ValueKind != JsonValueKind.Object || known.Kind != JsonTypeInfoKind.Object)
            return;

        RefuseTwice(json, place);
        var family = known.PolymorphismOptions;
        if (family is not null)
            known = serializer.GetTypeInfo(Member(json, family, place).DerivedType);
        foreach (var member in json.EnumerateObject())
            if (family is null || member.Name != Discriminator)
                Check(member.Value, Property(member.Name, known, place).PropertyType, serializer, $"{place}.{member.Name}");
    }

    private const string Discriminator = "$type";

    private static void RefuseTwice(JsonElement json, string place)
    {
        var seen = new HashSet<string>();
        foreach (var member in json.EnumerateObject())
            if (!seen.Add(member.Name))
                throw new JsonException($"'{member.Name}' stands twice at {place}. Leave one out.");
    }

    private static JsonDerivedType Member(JsonElement json, JsonPolymorphismOptions family, string place)
    {
        var names = string.Join(", ", family.DerivedTypes.Select(t => t.TypeDiscriminator));
        if (!json.TryGetProperty(Discriminator, out var name))
            throw new JsonException($"There is no {Discriminator} at {place}. It is one of {names}.");
        foreach (var member in family.DerivedTypes)
            if (name.ValueKind == JsonValueKind.String && name.ValueEquals((string)member.TypeDiscriminator!))
                return member;
        throw new JsonException($"The {Discriminator} at {place} is {name.GetRawText()}. It is one of {names}.");
    }

    private static JsonPropertyInfo Property(string name, JsonTypeInfo type, string place)
    {
        var property = type.Properties.FirstOrDefault(p => p.Name == name);
        if (property is { Set: not null })
            return property;
        if (type.Type.GetProperty(name)?.GetCustomAttribute<JsonIgnoreAttribute>() is not null)
            throw new JsonException($"'{name}' at {place} belongs to one run and not to a model. Leave it out, and set it on the options that are read.");
        var names = type.Properties.Where(p => p.Set is not null).Select(p => p.Name).ToArray();
        throw new JsonException($"There is no option '{name}' at {place}. " + (names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } likely
            ? $"Write '{likely}'." : names.Length == 0 ? "There are none." : $"There are {string.Join(", ", names)}."));
    }
}
