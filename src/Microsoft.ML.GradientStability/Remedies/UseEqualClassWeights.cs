namespace Microsoft.ML.GradientStability;

/// <summary>Let the rows of all classes count the same.</summary>
public sealed record UseEqualClassWeights : Remedy
{
    internal UseEqualClassWeights() { }

    /// <inheritdoc />
    public override string Setting => "ClassWeights = null, PositiveWeight = 1";

    /// <inheritdoc />
    public override string Reason => "no class then drowns another";

    private protected override void Apply(TrainingOptions options) => options.WeighClasses(null);

    internal override bool Changes(TrainingOptions options) => Enumerable.Range(0, 2).Any(c => options.WeightOfClass(c) != 1);
}
