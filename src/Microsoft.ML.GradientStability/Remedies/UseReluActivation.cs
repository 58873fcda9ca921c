namespace Microsoft.ML.GradientStability;

/// <summary>Replace an activation that saturates.</summary>
public sealed record UseReluActivation : Remedy
{
    internal UseReluActivation() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Activation = Activation.Relu }";

    /// <inheritdoc />
    public override string Reason => "its slope is 1 wherever a unit is active; a function that saturates has a slope near 0 there";

    private protected override void Apply(TrainingOptions options) =>
        options.Network = options.Network.With(options.Network.Traits with { Activation = Activation.Relu });

    internal override bool Changes(TrainingOptions options) => options.Network.Traits is { Activation.Saturates: true };
}
