namespace Microsoft.ML.GradientStability;

/// <summary>Let recurrent layers keep a state behind gates.</summary>
public sealed record UseGatedCells : Remedy
{
    internal UseGatedCells() { }

    /// <inheritdoc />
    public override string Setting => "Network = … with { Cell = RecurrentCell.Lstm() }";

    /// <inheritdoc />
    public override string Reason => "along the state of an LSTM a gradient passes from step to step without a factor, as long as its gates are open";

    private protected override void Apply(TrainingOptions options) => options.Network = options.Network.With(options.Network.Traits with { Cell = RecurrentCell.Lstm() });

    internal override bool Changes(TrainingOptions options) => options.Network.Traits.Cell is TanhCell or ReluCell;
}
