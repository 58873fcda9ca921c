using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Factor γ^⌊e/n⌋ in epoch e from 0 (PyTorch's StepLR; Goyal et al. 2017, "Accurate, large minibatch SGD", take a tenth at epochs 30
/// and 60).
/// </summary>
public sealed record StepSchedule : LearningRateSchedule
{
    private readonly int _epochs = 30;
    private readonly double _factor = 0.1;

    [JsonConstructor]
    internal StepSchedule() { }

    /// <summary>n, epochs a step, at least 1. Default 30.</summary>
    public int Epochs { get => _epochs; init => _epochs = Check.AtLeast(value, 1, nameof(Epochs)); }

    /// <summary>γ, in (0, 1]. Default 0.1.</summary>
    public double Factor { get => _factor; init => _factor = CheckDecay(value, nameof(Factor)); }

    private protected override string Name => Invariant($"Step({Epochs}, factor {Factor})");

    private protected override Course After(Span span) => new Stairs(Epochs * span.StepsPerEpoch, Factor);

    private sealed class Stairs(long steps, double factor) : Course
    {
        public override double Factor(long step) => Math.Pow(factor, step / steps);
    }
}
