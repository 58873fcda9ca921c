namespace Microsoft.ML.GradientStability;

/// <summary>Pull the weights towards 0.</summary>
public sealed record UseWeightDecay : Remedy
{
    internal UseWeightDecay() { }

    /// <inheritdoc />
    public override string Setting => "Optimizer = Optimizer.AdamW(0.001, weightDecay: 0.1)";

    /// <inheritdoc />
    public override string Reason => "smaller weights make a smoother function";

    private protected override void Apply(TrainingOptions options) => options.Optimizer = Optimizer.AdamW(0.001, weightDecay: 0.1);

    internal override bool Changes(TrainingOptions options) => options.Optimizer is not AdamWOptimizer { WeightDecay: >= 0.1 };
}
