using System.Text.Json;
using Microsoft.ML.GradientStability.OnnxProto;

namespace Microsoft.ML.GradientStability;

/// <summary>A network in the file of a pipeline, as its metadata <c>networks</c> has it.</summary>
/// <param name="Scope">What the names of its nodes and constants begin with.</param>
/// <param name="Features">The column that it scores.</param>
/// <param name="Metadata">Its task, options and training, as in a file of its own.</param>
internal sealed record OnnxNetworkEntry(string Scope, string Features, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The entry of the metadata: a JSON array.</summary>
    public const string Key = "networks";

    /// <summary>The entry of the metadata that says in what numbers the networks are kept, where it is not Single.</summary>
    public const string PrecisionKey = "precision";

    /// <summary>All of a file; <see langword="null"/> of the file of a network alone.</summary>
    /// <exception cref="InvalidDataException">The entry is no list of networks.</exception>
    public static IReadOnlyList<OnnxNetworkEntry>? Read(ModelProto file)
    {
        if (file.MetadataProps.FirstOrDefault(entry => entry.Key == Key) is not { } json)
            return null;
        try
        {
            return JsonSerializer.Deserialize<OnnxNetworkEntry[]>(json.Value);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The metadata '{Key}' of the ONNX file are no list of networks: {e.Message}", e);
        }
    }
}
