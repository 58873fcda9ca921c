using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a trained network says of its training wherever its file goes: by which options, on how many rows, how it ended, what was found, and what was done
/// about gradients meanwhile. Of times it keeps none, so that the same training gives the same file.
/// </summary>
public sealed record TrainingLedger
{
    /// <summary>Under which the metadata of a file hold it; options, task and classes have keys of their own there.</summary>
    internal const string Key = "training";

    /// <summary>A loss can end at NaN or infinity; a record of it must not fail for that.</summary>
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter() },
    };

    [JsonConstructor]
    internal TrainingLedger() { }

    /// <summary>The version of the library that trained.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>What was trained, such as <c>multiclass classification</c>.</summary>
    [JsonIgnore]
    public string Task { get; private init; } = "";

    /// <summary>The options of the trainer, the seed among them.</summary>
    [JsonIgnore]
    public DeepNetworkOptions Options { get; private init; } = null!;

    /// <summary>The values of the label in the order of their keys, as text; empty where the task has no classes.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Classes { get; private init; } = [];

    /// <summary>Why training ended.</summary>
    public required TrainingEnd End { get; init; }

    /// <summary>Passes over the training rows.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch whose weights the model has.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Training steps begun.</summary>
    public required long Steps { get; init; }

    /// <summary>Training rows, without those held out.</summary>
    public required long Rows { get; init; }

    /// <summary>Mean training loss of the last epoch.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss of the held-out rows with the model's weights; <see langword="null"/> without such rows.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Share of the held-out rows classified correctly; <see langword="null"/> without such rows or without classes.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>What the raw outputs were divided by, 1 where they were not.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Interventions: the share of all steps taken whose gradient was clipped, in [0, 1].</summary>
    public required double ClippedShare { get; init; }

    /// <summary>Interventions: steps that were not taken, because their loss or gradient was NaN or infinite.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>Everything that was found, in order.</summary>
    public required IReadOnlyList<LedgerFinding> Findings { get; init; }

    internal static string Write(TrainingSummary summary, string libraryVersion) => JsonSerializer.Serialize(new TrainingLedger
    {
        LibraryVersion = libraryVersion,
        End = summary.End,
        Epochs = summary.Epochs,
        BestEpoch = summary.BestEpoch,
        Steps = summary.Steps,
        Rows = summary.Rows,
        Loss = summary.Loss,
        ValidationLoss = summary.ValidationLoss,
        ValidationAccuracy = summary.ValidationAccuracy,
        Temperature = summary.Temperature,
        ClippedShare = summary.ClippedShare,
        SkippedSteps = summary.SkippedSteps,
        Findings = [.. summary.Findings.Select(LedgerFinding.Of)],
    }, s_json);

    /// <param name="metadata">Of the network.</param>
    /// <exception cref="InvalidDataException">They keep no record of a training.</exception>
    internal static TrainingLedger Read(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingLedger>(metadata[Key], s_json)! with
            {
                Task = metadata["task"],
                Options = DeepNetworkOptions.FromJson(metadata[PreviousNetwork.OptionsKey]),
                Classes = metadata.TryGetValue("classes", out var classes) ? JsonSerializer.Deserialize<string[]>(classes)! : [],
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            throw new InvalidDataException($"The metadata of the network keep no record of its training: {e.Message}", e);
        }
    }
}
