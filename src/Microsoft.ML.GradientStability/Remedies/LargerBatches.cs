namespace Microsoft.ML.GradientStability;

/// <summary>Take more rows a batch.</summary>
public sealed record LargerBatches : Remedy
{
    internal LargerBatches() { }

    /// <inheritdoc />
    public override string Setting => "BatchSize = 32";

    /// <inheritdoc />
    public override string Reason => "mean and variance over 32 rows are near those of all rows";

    private protected override void Apply(TrainingOptions options) => options.BatchSize = 32;

    internal override bool Changes(TrainingOptions options) => options.BatchSize < 32;
}
