using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// How the learning rate changes during training, as a factor on that of the optimizer. One sealed record a schedule; the static
/// members name them.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(ConstantSchedule), "Constant")]
[JsonDerivedType(typeof(StepSchedule), "Step")]
[JsonDerivedType(typeof(ExponentialSchedule), "Exponential")]
[JsonDerivedType(typeof(CosineSchedule), "Cosine")]
[JsonDerivedType(typeof(CosineRestartsSchedule), "CosineRestarts")]
[JsonDerivedType(typeof(OneCycleSchedule), "OneCycle")]
[JsonDerivedType(typeof(ReduceOnPlateauSchedule), "ReduceOnPlateau")]
public abstract record LearningRateSchedule
{
    private readonly int _warmUpSteps;

    private protected LearningRateSchedule() { }

    /// <summary>The optimizer's rate throughout.</summary>
    public static ConstantSchedule Constant { get; } = new();

    /// <summary>Down in steps, one every so many epochs.</summary>
    /// <param name="epochs">Epochs a step, at least 1. Default 30.</param>
    /// <param name="factor">γ, what a step multiplies the rate by, in (0, 1]. Default 0.1.</param>
    public static StepSchedule Step(int epochs = 30, double factor = 0.1) => new() { Epochs = epochs, Factor = factor };

    /// <summary>Down by the same factor every epoch.</summary>
    /// <param name="factor">γ, what an epoch multiplies the rate by, in (0, 1]. Default 0.95.</param>
    public static ExponentialSchedule Exponential(double factor = 0.95) => new() { Factor = factor };

    /// <summary>From the optimizer's rate down to 0 along half a cosine, so that training ends quietly.</summary>
    public static CosineSchedule Cosine { get; } = new();

    /// <summary>Along half a cosine and back to the optimizer's rate, again and again, each time more slowly.</summary>
    /// <param name="firstCycleEpochs">Epochs of the first cycle, at least 1. Default 10.</param>
    /// <param name="growth">What the length of a cycle is multiplied by for the next, at least 1. Default 2.</param>
    /// <param name="minFactor">The least factor, in [0, 1]. Default 0.</param>
    public static CosineRestartsSchedule CosineRestarts(int firstCycleEpochs = 10, int growth = 2, double minFactor = 0) =>
        new() { FirstCycleEpochs = firstCycleEpochs, Growth = growth, MinFactor = minFactor };

    /// <summary>Up to the optimizer's rate, and down to next to nothing: one cycle over the whole fit.</summary>
    /// <param name="pctStart">Share of the steps in which the rate rises, in [0, 1]. Default 0.3.</param>
    /// <param name="divFactor">The optimizer's rate over the first, at least 1. Default 25.</param>
    /// <param name="finalDivFactor">The first rate over the last, at least 1. Default 10⁴.</param>
    public static OneCycleSchedule OneCycle(double pctStart = 0.3, double divFactor = 25, double finalDivFactor = 1e4) =>
        new() { PctStart = pctStart, DivFactor = divFactor, FinalDivFactor = finalDivFactor };

    /// <summary>Down whenever the loss of the held-out rows has not fallen for a while.</summary>
    /// <param name="factor">What the rate is multiplied by, in (0, 1). Default 0.1.</param>
    /// <param name="patience">Epochs without improvement that are borne, at least 0. Default 10.</param>
    /// <param name="threshold">The least fall that counts, relative to the lowest loss, in [0, 1). Default 10⁻⁴.</param>
    /// <param name="cooldown">Epochs after a reduction that are not judged, at least 0. Default 0.</param>
    /// <param name="minFactor">The least factor, in [0, 1]. Default 0.</param>
    public static ReduceOnPlateauSchedule ReduceOnPlateau(
        double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double minFactor = 0) =>
        new() { Factor = factor, Patience = patience, Threshold = threshold, Cooldown = cooldown, MinFactor = minFactor };

    /// <summary>
    /// Steps in which the rate first climbs linearly, to (t + 1)/(n + 1) of the schedule's first one at step t of n, at least 0; the
    /// schedule itself takes the steps that remain, and counts its epochs from there. Default 0 (Goyal et al. 2017, "Accurate, large
    /// minibatch SGD", who take 5 epochs).
    /// </summary>
    public int WarmUpSteps { get => _warmUpSteps; init => _warmUpSteps = Check.AtLeast(value, 0, nameof(WarmUpSteps)); }

    /// <summary>Starts to schedule one fit; the returned object holds what must be remembered between its epochs.</summary>
    /// <param name="steps">Steps in all.</param>
    /// <param name="stepsPerEpoch">Steps an epoch.</param>
    internal State Start(long steps, long stepsPerEpoch) =>
        new(WarmUpSteps, After(new Span(Math.Max(1, steps - WarmUpSteps), stepsPerEpoch)));

    /// <summary>The schedule behind the warm-up.</summary>
    private protected abstract Course After(Span span);

    /// <summary>The schedule's name, with its parameters.</summary>
    private protected abstract string Name { get; }

    /// <summary>What a factor that lowers the rate may be.</summary>
    private protected static double CheckDecay(double value, string option, bool oneIncluded = true)
    {
        Check.That(value > 0 && (value < 1 || oneIncluded && value == 1), option, value, $"it must be in (0, 1{(oneIncluded ? ']' : ')')}");
        return value;
    }

    /// <summary>From a factor to another along half a cosine, at a step of so many.</summary>
    private protected static double Anneal(double from, double to, double step, double steps) =>
        to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * step / steps));

    /// <summary>One readable line.</summary>
    public sealed override string ToString() => WarmUpSteps == 0 ? Name : Invariant($"{Name}, warm-up {WarmUpSteps} steps");

    /// <summary>What a schedule spans.</summary>
    /// <param name="Steps">Steps behind the warm-up, at least 1.</param>
    /// <param name="StepsPerEpoch">Steps an epoch, at least 1.</param>
    internal readonly record struct Span(long Steps, long StepsPerEpoch);

    /// <summary>One schedule at work in one fit.</summary>
    internal abstract class Course
    {
        /// <summary>The factor at a step.</summary>
        /// <param name="step">From 0, behind the warm-up.</param>
        public abstract double Factor(long step);

        /// <summary>
        /// Hears of the loss of an epoch that reached beyond the warm-up: that of the held-out rows, of the training rows where there
        /// are none.
        /// </summary>
        public virtual void EpochEnded(double loss) { }
    }

    /// <summary>Warm-up, then the course.</summary>
    internal sealed class State(int warmUpSteps, Course course)
    {
        private bool _warm;

        /// <summary>The factor at a step that is taken.</summary>
        /// <param name="step">From 0, over all epochs.</param>
        public double Factor(long step)
        {
            _warm = step >= warmUpSteps;
            return _warm ? course.Factor(step - warmUpSteps) : (step + 1.0) / (warmUpSteps + 1) * course.Factor(0);
        }

        public void EpochEnded(double loss)
        {
            if (_warm)
                course.EpochEnded(loss);
        }
    }
}
