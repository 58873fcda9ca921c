namespace Microsoft.ML.GradientStability;

/// <summary>
/// One thing that can be behind a <see cref="Symptom"/>. All candidates weigh the same evidence, and the heaviest is named: none is taken
/// because it was asked first.
/// </summary>
internal abstract class Cause
{
    public static IReadOnlyList<Cause> All { get; } =
    [
        new FeaturesCause(), new TargetsCause(), new LabelsCause(), new ClassImbalanceCause(), new LossWeightsCause(), new LossScaleCause(),
        new InitialWeightsCause(), new ActivationCause(), new DepthCause(), new RecurrenceCause(), new ResidualSumsCause(),
        new HighLearningRateCause(), new LowLearningRateCause(), new ScheduleCause(), new ClippingCause(), new StepsCause(),
        new RegularizerCause(), new DropoutCause(), new BatchSizeCause(), new OverfittingCause(),
    ];

    /// <summary>What is to blame, such as <c>LearningRate</c>.</summary>
    public string Name => GetType().Name.Replace(nameof(Cause), "").Replace("High", "").Replace("Low", "");

    /// <summary>How well the evidence fits, in [0, 1]; 0 where it cannot be this.</summary>
    public abstract double Score(FitEvidence e, Symptom symptom);

    /// <summary>The cause in one sentence, with the numbers that speak for it.</summary>
    public abstract string Tell(FitEvidence e);

    /// <summary>What mends it, the most effective first; those that change nothing are left out by the caller.</summary>
    public virtual IEnumerable<Remedy> Remedies(FitEvidence e) => [];

    /// <summary>1 − e^−x held to a greatest confidence.</summary>
    protected static double Saturating(double x, double most) => x <= 0 ? 0 : most * (1 - Math.Exp(-x));
}
