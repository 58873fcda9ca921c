namespace Microsoft.ML.GradientStability;

/// <summary>
/// How the learning rate changes during training, as a factor on that of the optimizer. One sealed record a schedule; the static
/// members name them.
/// </summary>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule() { }

    /// <summary>The optimizer's rate throughout.</summary>
    public static ConstantSchedule Constant { get; } = new();

    /// <summary>From the optimizer's rate down to 0 along half a cosine, so that training ends quietly.</summary>
    public static CosineSchedule Cosine { get; } = new();

    /// <summary>The factor at a step.</summary>
    /// <param name="progress">Steps taken over steps in all, in [0, 1).</param>
    internal abstract double Factor(double progress);
}
