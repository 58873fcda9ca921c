using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Multiplies the factor whenever more than so many epochs in a row have not brought the loss below (1 − threshold) times its lowest
/// (PyTorch's ReduceLROnPlateau, mode min and threshold rel; He et al. 2016, "Deep residual learning", divide by 10 when the error
/// plateaus). It hears the loss of the held-out rows, of the training rows where nothing is held out.
/// </summary>
public sealed record ReduceOnPlateauSchedule : LearningRateSchedule
{
    private readonly double _factor = 0.1;
    private readonly int _patience = 10;
    private readonly double _threshold = 1e-4;
    private readonly int _cooldown;
    private readonly double _minFactor;

    [JsonConstructor]
    internal ReduceOnPlateauSchedule() { }

    /// <summary>What the rate is multiplied by, in (0, 1). Default 0.1.</summary>
    public double Factor { get => _factor; init => _factor = CheckDecay(value, nameof(Factor), oneIncluded: false); }

    /// <summary>Epochs without improvement that are borne, at least 0; the next one lowers the rate. Default 10.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 0, nameof(Patience)); }

    /// <summary>The least fall that counts, relative to the lowest loss, in [0, 1). Default 10⁻⁴.</summary>
    public double Threshold { get => _threshold; init => _threshold = Check.InRange(value, 0, 1, nameof(Threshold), upperIncluded: false); }

    /// <summary>Epochs after a reduction in which none counts as without improvement, at least 0. Default 0.</summary>
    public int Cooldown { get => _cooldown; init => _cooldown = Check.AtLeast(value, 0, nameof(Cooldown)); }

    /// <summary>The least factor, in [0, 1]. Default 0.</summary>
    public double MinFactor { get => _minFactor; init => _minFactor = Check.InRange(value, 0, 1, nameof(MinFactor)); }

    private protected override string Name => Invariant($"ReduceOnPlateau({Factor}, patience {Patience}, threshold {Threshold}")
        + (Cooldown == 0 ? "" : Invariant($", cooldown {Cooldown}")) + (MinFactor == 0 ? ")" : Invariant($", min {MinFactor})"));

    private protected override Course After(Span span) => new Descent(this);

    private sealed class Descent(ReduceOnPlateauSchedule schedule) : Course
    {
        private double _factor = 1;
        private double _lowest = double.PositiveInfinity;
        private int _withoutImprovement;
        private int _cooling;

        public override double Factor(long step) => _factor;

        public override void EpochEnded(double loss)
        {
            if (loss < _lowest * (1 - schedule.Threshold))
                (_lowest, _withoutImprovement) = (loss, 0);
            else
                _withoutImprovement++;

            if (_cooling > 0)
                (_cooling, _withoutImprovement) = (_cooling - 1, 0);
            if (_withoutImprovement <= schedule.Patience)
                return;
            _factor = Math.Max(_factor * schedule.Factor, schedule.MinFactor);
            (_cooling, _withoutImprovement) = (schedule.Cooldown, 0);
        }
    }
}
