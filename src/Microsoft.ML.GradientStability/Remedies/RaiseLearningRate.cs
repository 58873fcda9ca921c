using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Take a higher learning rate.</summary>
public sealed record RaiseLearningRate : Remedy
{
    private readonly double _learningRate;

    internal RaiseLearningRate(double current, double updateRatio) => _learningRate = current * Math.Clamp(2e-3 / Math.Max(updateRatio, 1e-12), 10, 1e4);

    /// <inheritdoc />
    public override string Setting => Invariant($"Optimizer = … with {{ LearningRate = {_learningRate:G3} }}");

    /// <inheritdoc />
    public override string Reason => "a step then changes the weights by about a thousandth of their size";

    private protected override void Apply(TrainingOptions options) => options.Optimizer = options.Optimizer with { LearningRate = _learningRate };

    internal override bool Changes(TrainingOptions options) => options.Optimizer.LearningRate < _learningRate;
}
