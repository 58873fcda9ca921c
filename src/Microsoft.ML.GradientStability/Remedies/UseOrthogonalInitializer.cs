namespace Microsoft.ML.GradientStability;

/// <summary>Start from orthogonal weights, which pass small signals and their gradients on unchanged where the activation saturates.</summary>
public sealed record UseOrthogonalInitializer : Remedy
{
    internal UseOrthogonalInitializer() { }

    /// <inheritdoc />
    public override string Setting => "Initializer = Initializer.Orthogonal";

    /// <inheritdoc />
    public override string Reason => "an isometry keeps the length of a signal and of its gradient; saturation keeps the signal from growing";

    private protected override void Apply(TrainingOptions options) => options.Initializer = Initializer.Orthogonal;

    internal override bool Changes(TrainingOptions options) => options.Initializer is not OrthogonalInitializer;
}
