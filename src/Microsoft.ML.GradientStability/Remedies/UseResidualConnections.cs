namespace Microsoft.ML.GradientStability;

/// <summary>Let every hidden layer add to its input, so that gradients reach the first layers unscaled.</summary>
public sealed record UseResidualConnections : Remedy
{
    /// <summary>Below this depth a shortcut changes little.</summary>
    internal const int LeastDepth = 4;

    internal UseResidualConnections() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Residual = Residual.Identity }";

    /// <inheritdoc />
    public override string Reason => "the shortcut carries the gradient past every layer without a factor";

    private protected override void Apply(TrainingOptions options) =>
        options.Network = options.Network.With(options.Network.Traits with { Residual = Residual.Identity });

    internal override bool Changes(TrainingOptions options) =>
        options.Network.Traits is { CanSkip: true, Residual: null, HiddenUnits.Length: >= LeastDepth };
}
