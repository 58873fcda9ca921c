using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.GradientStability;

/// <summary>What the file of a pipeline says beside its graph, JSON but for the name of the task.</summary>
internal static class PipelineMetadata
{
    /// <summary>The inputs whose NaN the graph replaces or reads as missing.</summary>
    public const string AcceptsMissing = "acceptsMissing";

    /// <summary>Rows, and what the file gives for them.</summary>
    public const string SelfCheck = "selfcheck";

    /// <summary>The transformers, in order.</summary>
    public const string Pipeline = "pipeline";

    /// <summary>Task, classes, options and training of the last network stand at the top, as in the file of a network alone.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(PipelineFile file, OnnxPrecision precision, IReadOnlyList<string> acceptsMissing, JsonObject? selfCheck)
    {
        foreach (var entry in file.Networks[^1].Entry.Metadata)
            yield return entry;
        yield return KeyValuePair.Create(OnnxNetworkEntry.Key, JsonSerializer.Serialize(file.Networks.Select(network => network.Entry)));
        yield return KeyValuePair.Create(OnnxOutputEntry.Key, JsonSerializer.Serialize(file.Outputs));
        yield return KeyValuePair.Create(Pipeline, JsonSerializer.Serialize(file.Made.Select(made => made.Step.ToString()).Distinct()));
        if (precision != OnnxPrecision.Single)
            yield return KeyValuePair.Create(OnnxNetworkEntry.PrecisionKey, $"{precision}");
        if (acceptsMissing.Count > 0)
            yield return KeyValuePair.Create(AcceptsMissing, JsonSerializer.Serialize(acceptsMissing));
        if (selfCheck is not null)
            yield return KeyValuePair.Create(SelfCheck, selfCheck.ToJsonString());
    }
}
