using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.GradientStability;

/// <summary>What the file of a pipeline says beside its graph, JSON but for the name of the task.</summary>
internal static class PipelineMetadata
{
    /// <summary>Each network: its scope, its features and its own metadata.</summary>
    public const string Networks = "networks";

    /// <summary>The inputs whose NaN the graph replaces or reads as missing.</summary>
    public const string AcceptsMissing = "acceptsMissing";

    /// <summary>Rows, and what the file gives for them.</summary>
    public const string SelfCheck = "selfcheck";

    /// <summary>The transformers, in order.</summary>
    public const string Pipeline = "pipeline";

    /// <summary>Task, classes, options and training of the last network stand at the top, as in the file of a network alone.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(PipelineFile file, IReadOnlyList<string> acceptsMissing, JsonObject? selfCheck)
    {
        foreach (var entry in file.Networks[^1].Metadata)
            yield return entry;
        yield return KeyValuePair.Create(Networks, JsonSerializer.Serialize(file.Networks.Select(network => new NetworkEntry(network.Scope, network.Transformer.FeatureColumnName, network.Metadata))));
        yield return KeyValuePair.Create(Pipeline, JsonSerializer.Serialize(file.Made.Select(made => made.Step.ToString()).Distinct()));
        if (acceptsMissing.Count > 0)
            yield return KeyValuePair.Create(AcceptsMissing, JsonSerializer.Serialize(acceptsMissing));
        if (selfCheck is not null)
            yield return KeyValuePair.Create(SelfCheck, selfCheck.ToJsonString());
    }

    /// <summary>A network in the file.</summary>
    /// <param name="Scope">What the names of its nodes and constants begin with.</param>
    /// <param name="Features">The column that it scores.</param>
    /// <param name="Metadata">Its task, options and training.</param>
    public sealed record NetworkEntry(string Scope, string Features, IReadOnlyDictionary<string, string> Metadata);
}
