using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability.Tests.Trainers;

/// <summary>A context that keeps the warnings of its log.</summary>
internal sealed class Logged
{
    public Logged() => Ml.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning)
            Warnings.Add(e.RawMessage ?? "");
    };

    public MLContext Ml { get; } = new(seed: 1);

    public List<string> Warnings { get; } = [];
}
