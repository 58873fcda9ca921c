namespace Microsoft.ML.GradientStability;

/// <summary>Leave most units in.</summary>
public sealed record LessDropout : Remedy
{
    internal LessDropout() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Dropout = 0.1 }";

    /// <inheritdoc />
    public override string Reason => "nine of ten units then take part in every step";

    private protected override void Apply(TrainingOptions options) => options.Network = options.Network.With(options.Network.Traits with { Dropout = 0.1, AlphaDropout = 0 });

    internal override bool Changes(TrainingOptions options) => options.Network.Traits.LeftOut > 0.1;
}
