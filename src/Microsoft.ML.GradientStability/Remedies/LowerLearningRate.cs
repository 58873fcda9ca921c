using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Take a tenth of the learning rate.</summary>
public sealed record LowerLearningRate : Remedy
{
    private readonly double _learningRate;

    internal LowerLearningRate(double current) => _learningRate = current / 10;

    /// <inheritdoc />
    public override string Setting => Invariant($"Optimizer = … with {{ LearningRate = {_learningRate:G3} }}");

    /// <inheritdoc />
    public override string Reason => "each step then changes the weights a tenth as much";

    private protected override void Apply(TrainingOptions options) => options.Optimizer = options.Optimizer with { LearningRate = _learningRate };

    internal override bool Changes(TrainingOptions options) => options.Optimizer.LearningRate > _learningRate;
}
