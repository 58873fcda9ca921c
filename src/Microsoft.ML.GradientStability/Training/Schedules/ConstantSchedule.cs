namespace Microsoft.ML.GradientStability;

/// <summary>Factor 1.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    internal ConstantSchedule() { }

    internal override double Factor(double progress) => 1;

    /// <summary>The schedule's name.</summary>
    public override string ToString() => "Constant";
}
