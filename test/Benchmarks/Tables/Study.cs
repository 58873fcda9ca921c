using Microsoft.ML.GradientStability;

namespace Tables;

/// <summary>What was tried beside the defaults.</summary>
internal static class Study
{
    public static IReadOnlyList<Contestant> Variants { get; } =
    [
        Contestant.Network(Contestant.Ours),
        Contestant.Network("short", o => { o.Epochs = 10; o.Schedule = LearningRateSchedule.Cosine; }),
    ];
}
