namespace Microsoft.ML.GradientStability;

/// <summary>Normalize every hidden layer, so that no scale builds up with depth.</summary>
public sealed record UseLayerNormalization : Remedy
{
    internal UseLayerNormalization() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Normalization = Normalization.Layer }";

    /// <inheritdoc />
    public override string Reason => "every layer starts again from mean 0 and variance 1, so no factor builds up with depth";

    private protected override void Apply(TrainingOptions options) =>
        options.Network = options.Network.With(options.Network.Traits with { Normalization = Normalization.Layer });

    internal override bool Changes(TrainingOptions options) => options.Network.Traits is { Normalization: NoNormalization };
}
