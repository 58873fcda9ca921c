namespace Microsoft.ML.GradientStability;

/// <summary>Leave out half of the units at random.</summary>
public sealed record UseDropout : Remedy
{
    internal UseDropout() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Dropout = 0.5 }";

    /// <inheritdoc />
    public override string Reason => "no unit can then rely on another, and rows cannot be learnt by heart";

    private protected override void Apply(TrainingOptions options) => options.Network = options.Network.With(options.Network.Traits with { Dropout = 0.5 });

    internal override bool Changes(TrainingOptions options) => options.Network.Traits is { Dropout: < 0.5, AlphaDropout: 0 or null, Activation: not SeluActivation };
}
