namespace Microsoft.ML.GradientStability;

/// <summary>Bound the norm of the whole gradient.</summary>
public sealed record UseNormClipping : Remedy
{
    internal UseNormClipping() { }

    /// <inheritdoc />
    public override string Setting => "Clipping = GradientClipper.Norm(1)";

    /// <inheritdoc />
    public override string Reason => "no single step can be larger than the learning rate allows for a gradient of norm 1";

    private protected override void Apply(TrainingOptions options) => options.Clipping = GradientClipper.Norm(1);

    internal override bool Changes(TrainingOptions options) => !options.Clipping.BoundsSteps;
}
