using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Microsoft.ML.GradientStability;

/// <summary>Options of a trainer from the configuration of a program: files, environment variables, command line.</summary>
public static class ConfigurationExtensions
{
    /// <summary>
    /// The options that a section holds, under the names of <see cref="TrainingOptions.ToJson"/>, whatever their case; what it leaves out has its default. Of a
    /// strategy, such as <c>Optimizer</c>, either the name alone stands there (<c>Adam</c>), or a section with the name as <c>$type</c> and its properties.
    /// </summary>
    /// <typeparam name="TOptions">The options of a task, such as <c>DeepNetworkMulticlassTrainer.Options</c>.</typeparam>
    /// <param name="section">Such as <c>configuration.GetSection("Training")</c>; one that is not there gives the defaults.</param>
    /// <exception cref="JsonException">It names an option or a strategy that there is not; or one that belongs to a single run, as <c>Progress</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static TOptions GetDeepNetworkOptions<TOptions>(this IConfiguration section) where TOptions : DeepNetworkOptions, new()
    {
        ArgumentNullException.ThrowIfNull(section);
        return section.GetChildren().Any() ? (TOptions)OptionTexts.Read(Node(section)!, typeof(TOptions)) : new TOptions();
    }

    private static JsonNode? Node(IConfiguration section)
    {
        var children = section.GetChildren().ToArray();
        return children.Length > 0 ? new JsonObject(children.Select(child => KeyValuePair.Create(child.Key, Node(child))))
            : section is IConfigurationSection { Value: { } value } ? JsonValue.Create(value) : null;
    }
}
