namespace Microsoft.ML.GradientStability;

/// <summary>Bring every feature to mean 0 and standard deviation 1 first.</summary>
public sealed record UseStandardizedFeatures : Remedy
{
    internal UseStandardizedFeatures() { }

    /// <inheritdoc />
    public override string Setting => "StandardizeFeatures = true";

    /// <inheritdoc />
    public override string Reason => "every feature then has mean 0 and deviation 1, the scale that initial weights are made for";

    private protected override void Apply(TrainingOptions options) => options.StandardizeFeatures = true;

    internal override bool Changes(TrainingOptions options) => !options.StandardizeFeatures;
}
