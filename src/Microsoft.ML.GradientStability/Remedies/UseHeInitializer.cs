namespace Microsoft.ML.GradientStability;

/// <summary>Start from He's weights, which keep the scale of signal and gradient from layer to layer.</summary>
public sealed record UseHeInitializer : Remedy
{
    internal UseHeInitializer() { }

    /// <inheritdoc />
    public override string Setting => "Initializer = Initializer.HeUniform";

    /// <inheritdoc />
    public override string Reason => "weights of variance 2/fan-in keep a ReLU signal and its gradient in scale from layer to layer";

    private protected override void Apply(TrainingOptions options) => options.Initializer = Initializer.HeUniform;

    internal override bool Changes(TrainingOptions options) => options.Initializer is not (HeUniformInitializer or HeNormalInitializer);
}
