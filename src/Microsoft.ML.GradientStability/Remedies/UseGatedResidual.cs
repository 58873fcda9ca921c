namespace Microsoft.ML.GradientStability;

/// <summary>Put a shortcut around every hidden layer, and begin without the layers.</summary>
public sealed record UseGatedResidual : Remedy
{
    internal UseGatedResidual() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Residual = Residual.Gated() }";

    /// <inheritdoc />
    public override string Reason => "gates that start at 0 make the network begin as a shallow one, whatever its depth";

    private protected override void Apply(TrainingOptions options) => options.Network = options.Network.With(options.Network.Traits with { Residual = Residual.Gated() });

    internal override bool Changes(TrainingOptions options) => options.Network.Traits is { CanSkip: true, Residual: not GatedResidual, HiddenUnits.Length: >= UseResidualConnections.LeastDepth } && options.Initializer is not (ConstantInitializer or FixupInitializer);
}
