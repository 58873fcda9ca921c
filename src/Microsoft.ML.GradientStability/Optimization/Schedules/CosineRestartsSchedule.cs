using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Cosine with warm restarts: factor m + ½·(1 − m)·(1 + cos(π·t/T)) at step t of a cycle of T; cycle i, from 0, has T₀·gⁱ epochs
/// (Loshchilov and Hutter 2017, "SGDR"; PyTorch's CosineAnnealingWarmRestarts, moved on every step).
/// </summary>
public sealed record CosineRestartsSchedule : LearningRateSchedule
{
    private readonly int _firstCycleEpochs = 10;
    private readonly int _growth = 2;
    private readonly double _minFactor;

    [JsonConstructor]
    internal CosineRestartsSchedule() { }

    /// <summary>T₀, epochs, at least 1. Default 10.</summary>
    public int FirstCycleEpochs { get => _firstCycleEpochs; init => _firstCycleEpochs = Check.AtLeast(value, 1, nameof(FirstCycleEpochs)); }

    /// <summary>g, at least 1. Default 2.</summary>
    public int Growth { get => _growth; init => _growth = Check.AtLeast(value, 1, nameof(Growth)); }

    /// <summary>m, the factor that a cycle falls towards, in [0, 1]. Default 0.</summary>
    public double MinFactor { get => _minFactor; init => _minFactor = Check.InRange(value, 0, 1, nameof(MinFactor)); }

    private protected override string Name =>
        Invariant($"CosineRestarts({FirstCycleEpochs}, growth {Growth}{(MinFactor == 0 ? "" : Invariant($", min {MinFactor}"))})");

    private protected override Course After(Span span) => new Waves(FirstCycleEpochs * span.StepsPerEpoch, Growth, MinFactor);

    private sealed class Waves(long firstCycle, int growth, double minFactor) : Course
    {
        public override double Factor(long step)
        {
            var cycle = firstCycle;
            if (growth == 1)
                step %= cycle;
            for (; step >= cycle; cycle *= growth)
                step -= cycle;
            return Anneal(1, minFactor, step, cycle);
        }
    }
}
