namespace Microsoft.ML.GradientStability;

/// <summary>Normalize each row by itself.</summary>
public sealed record ReplaceBatchNormalization : Remedy
{
    internal ReplaceBatchNormalization() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Normalization = Normalization.Layer }";

    /// <inheritdoc />
    public override string Reason => "it needs no other rows, so the size of a batch does not matter";

    private protected override void Apply(TrainingOptions options) => options.Network = options.Network.With(options.Network.Traits with { Normalization = Normalization.Layer });

    internal override bool Changes(TrainingOptions options) => options.Network.Traits is { Normalization: BatchNormalization };
}
