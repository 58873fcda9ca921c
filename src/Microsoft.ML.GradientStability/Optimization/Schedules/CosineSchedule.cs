using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Factor m + ½·(1 − m)·(1 + cos(π·t/T)) at step t of T (Loshchilov and Hutter 2017, "SGDR", one cycle without restart; PyTorch's
/// CosineAnnealingLR).
/// </summary>
public sealed record CosineSchedule : LearningRateSchedule
{
    private readonly double _minFactor;

    [JsonConstructor]
    internal CosineSchedule() { }

    /// <summary>m, the factor at the end, in [0, 1]. Default 0.</summary>
    public double MinFactor { get => _minFactor; init => _minFactor = Check.InRange(value, 0, 1, nameof(MinFactor)); }

    private protected override string Name => MinFactor == 0 ? "Cosine" : Invariant($"Cosine(min {MinFactor})");

    private protected override Course After(Span span) => new HalfWave(span.Steps, MinFactor);

    private sealed class HalfWave(long steps, double minFactor) : Course
    {
        public override double Factor(long step) => Anneal(1, minFactor, Math.Min(step, steps), steps);
    }
}
