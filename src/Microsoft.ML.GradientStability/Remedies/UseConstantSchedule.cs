namespace Microsoft.ML.GradientStability;

/// <summary>Keep the learning rate.</summary>
public sealed record UseConstantSchedule : Remedy
{
    internal UseConstantSchedule() { }

    /// <inheritdoc />
    public override string Setting => "Schedule = LearningRateSchedule.Constant";

    /// <inheritdoc />
    public override string Reason => "every step then has the full learning rate";

    private protected override void Apply(TrainingOptions options) => options.Schedule = LearningRateSchedule.Constant;

    internal override bool Changes(TrainingOptions options) => options.Schedule is not ConstantSchedule { WarmUpSteps: 0 };
}
