namespace Microsoft.ML.GradientStability;

/// <summary>Take an optimizer whose steps do not depend on the scale of the loss.</summary>
public sealed record UseAdam : Remedy
{
    internal UseAdam() { }

    /// <inheritdoc />
    public override string Setting => "Optimizer = Optimizer.Adam(0.001)";

    /// <inheritdoc />
    public override string Reason => "it divides the gradient by its own size, so that the scale of the loss does not matter";

    private protected override void Apply(TrainingOptions options) => options.Optimizer = Optimizer.Adam();

    internal override bool Changes(TrainingOptions options) => !options.Optimizer.IsAdaptive;
}
