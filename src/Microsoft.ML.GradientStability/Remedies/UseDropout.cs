namespace Microsoft.ML.GradientStability;

/// <summary>Leave out half of the units at random.</summary>
public sealed record UseDropout : Remedy
{
    internal UseDropout() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Dropout = 0.5 }";

    /// <inheritdoc />
    public override string Reason => "no unit can then rely on another, and rows cannot be learnt by heart";

    private protected override void Apply(TrainingOptions options) => options.Network = (FeedForwardNetwork)options.Network with { Dropout = 0.5 };

    internal override bool Changes(TrainingOptions options) => options.Network is FeedForwardNetwork { Dropout: < 0.5, AlphaDropout: 0, Activation: not SeluActivation };
}
