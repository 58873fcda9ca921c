using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Reads every training step and says when gradients leave the healthy range. It never changes a gradient.
/// One sealed record a rule, with its thresholds; the static members name them.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(NonFiniteGradientDetector), "NonFiniteGradient")]
[JsonDerivedType(typeof(ExplodingGradientDetector), "ExplodingGradient")]
[JsonDerivedType(typeof(VanishingGradientDetector), "VanishingGradient")]
[JsonDerivedType(typeof(ShortReachDetector), "ShortReach")]
[JsonDerivedType(typeof(InitialWeightsDetector), "InitialWeights")]
[JsonDerivedType(typeof(UnscaledFeaturesDetector), "UnscaledFeatures")]
[JsonDerivedType(typeof(DeadUnitsDetector), "DeadUnits")]
[JsonDerivedType(typeof(SaturatedUnitsDetector), "SaturatedUnits")]
[JsonDerivedType(typeof(UnchangedLayerDetector), "UnchangedLayer")]
[JsonDerivedType(typeof(UpdateRatioDetector), "UpdateRatio")]
[JsonDerivedType(typeof(LossSpikeDetector), "LossSpike")]
[JsonDerivedType(typeof(OscillatingLossDetector), "OscillatingLoss")]
[JsonDerivedType(typeof(StalledTrainingDetector), "StalledTraining")]
[JsonDerivedType(typeof(UnusableDataDetector), "UnusableData")]
[JsonDerivedType(typeof(PoorFitDetector), "PoorFit")]
[JsonDerivedType(typeof(OverfittingDetector), "Overfitting")]
[JsonDerivedType(typeof(MissedClassDetector), "MissedClass")]
public abstract record Detector
{
    private protected Detector() { }

    /// <summary>NaN or infinity in the loss or a gradient.</summary>
    public static NonFiniteGradientDetector NonFiniteGradient { get; } = new();

    /// <summary>Gradients that grow out of range, with depth or from step to step.</summary>
    public static ExplodingGradientDetector ExplodingGradient { get; } = new();

    /// <summary>Gradients that die out on their way to the first layers.</summary>
    public static VanishingGradientDetector VanishingGradient { get; } = new();

    /// <summary>Gradients that die out on their way back over the steps of sequences.</summary>
    public static ShortReachDetector ShortReach { get; } = new();

    /// <summary>A network whose gradients start out of range.</summary>
    public static InitialWeightsDetector InitialWeights { get; } = new();

    /// <summary>Features in a scale that no network starts well from.</summary>
    public static UnscaledFeaturesDetector UnscaledFeatures { get; } = new();

    /// <summary>Units that give the same for every row.</summary>
    public static DeadUnitsDetector DeadUnits { get; } = new();

    /// <summary>Units at the bounds of their activation.</summary>
    public static SaturatedUnitsDetector SaturatedUnits { get; } = new();

    /// <summary>Layers that do not change.</summary>
    public static UnchangedLayerDetector UnchangedLayer { get; } = new();

    /// <summary>Steps that are too large or too small beside the weights.</summary>
    public static UpdateRatioDetector UpdateRatio { get; } = new();

    /// <summary>A batch that is far worse than those before.</summary>
    public static LossSpikeDetector LossSpike { get; } = new();

    /// <summary>Steps that take back what the step before did.</summary>
    public static OscillatingLossDetector OscillatingLoss { get; } = new();

    /// <summary>A loss that does not come below that of guessing.</summary>
    public static StalledTrainingDetector StalledTraining { get; } = new();

    /// <summary>Features or targets that no network can learn from as they are.</summary>
    public static UnusableDataDetector UnusableData { get; } = new();

    /// <summary>A fit that ended no better than guessing, or far from what it could reach for a reason that is known.</summary>
    public static PoorFitDetector PoorFit { get; } = new();

    /// <summary>Rows learnt by heart: others are scored far worse.</summary>
    public static OverfittingDetector Overfitting { get; } = new();

    /// <summary>Classes that the trained network never tells.</summary>
    public static MissedClassDetector MissedClass { get; } = new();

    /// <summary>Every rule, with its default thresholds.</summary>
    public static IReadOnlyList<Detector> All { get; } =
    [
        UnusableData, UnscaledFeatures, InitialWeights, NonFiniteGradient, ExplodingGradient, VanishingGradient, ShortReach, DeadUnits, SaturatedUnits, UnchangedLayer,
        UpdateRatio, OscillatingLoss, LossSpike, StalledTraining, PoorFit, Overfitting, MissedClass,
    ];

    /// <summary>Starts to watch one fit; the returned object holds what must be remembered between its steps.</summary>
    internal abstract Watch Start(TrainingContext context);

    /// <summary>The thresholds.</summary>
    private protected virtual string Parameters => "";

    /// <summary>The rule's name, with its thresholds.</summary>
    public sealed override string ToString() => GetType().Name.Replace(nameof(Detector), "") + (Parameters.Length == 0 ? "" : $"({Parameters})");

    /// <summary>One rule at work in one fit.</summary>
    internal abstract class Watch
    {
        /// <summary>Reads a step; returns what is newly found, once when it begins and once more when it becomes an error.</summary>
        public virtual Finding? Inspect(StepObservation step) => null;

        /// <summary>Reads a step that has a full look, before it is taken; what is newly found.</summary>
        public virtual Finding? Look(StepObservation step) => null;

        /// <summary>The last step at which what it found was there; 0 where it does not follow that.</summary>
        public virtual long LastSeen => 0;

        /// <summary>Reads the whole fit when it has ended, <see cref="FitEvidence.End"/> above all.</summary>
        public virtual Finding? Ended(int epoch) => null;
    }
}
