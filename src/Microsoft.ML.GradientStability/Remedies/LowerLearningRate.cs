using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Take a lower learning rate.</summary>
public sealed record LowerLearningRate : Remedy
{
    private readonly double _learningRate;
    private readonly double _times;

    /// <param name="current">The rate that is too high.</param>
    /// <param name="times">What it is divided by.</param>
    internal LowerLearningRate(double current, double times = 10) => (_learningRate, _times) = (current / times, times);

    /// <inheritdoc />
    public override string Setting => Invariant($"Optimizer = … with {{ LearningRate = {_learningRate:G3} }}");

    /// <inheritdoc />
    public override string Reason => Invariant($"each step then changes the weights {_times:G3} times less");

    private protected override void Apply(TrainingOptions options) => options.Optimizer = options.Optimizer with { LearningRate = _learningRate };

    internal override bool Changes(TrainingOptions options) => options.Optimizer.LearningRate > _learningRate;
}
