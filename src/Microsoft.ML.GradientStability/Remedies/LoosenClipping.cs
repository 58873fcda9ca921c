namespace Microsoft.ML.GradientStability;

/// <summary>Clip at the usual norm.</summary>
public sealed record LoosenClipping : Remedy
{
    internal LoosenClipping() { }

    /// <inheritdoc />
    public override string Setting => "Clipping = GradientClipper.Norm(1)";

    /// <inheritdoc />
    public override string Reason => "only gradients of norm above 1 are then made smaller";

    private protected override void Apply(TrainingOptions options) => options.Clipping = GradientClipper.Norm(1);

    internal override bool Changes(TrainingOptions options) => options.Clipping != GradientClipper.Norm(1);
}
