using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Factor γᵉ in epoch e from 0 (PyTorch's ExponentialLR; Senior et al. 2013, "An empirical study of learning rates in deep neural
/// networks for speech recognition").
/// </summary>
public sealed record ExponentialSchedule : LearningRateSchedule
{
    private readonly double _factor = 0.95;

    [JsonConstructor]
    internal ExponentialSchedule() { }

    /// <summary>γ, in (0, 1]. Default 0.95.</summary>
    public double Factor { get => _factor; init => _factor = CheckDecay(value, nameof(Factor)); }

    private protected override string Name => Invariant($"Exponential({Factor})");

    private protected override Course After(Span span) => new Decline(span.StepsPerEpoch, Factor);

    private sealed class Decline(long stepsPerEpoch, double factor) : Course
    {
        public override double Factor(long step) => Math.Pow(factor, step / stepsPerEpoch);
    }
}
