using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Predicting a number y: the network learns z = (y − mean)/deviation of the training targets, so that losses and gradients have the
/// same scale whatever the unit of y; <c>Score</c> is mean + deviation·output. The mean is kept as a Single and what that leaves, so that a
/// small deviation beside a large mean loses no digit.
/// </summary>
internal sealed class RegressionObjective(RegressionLoss loss, double mean, double deviation, string? spread = null) : SupervisedObjective(spread)
{
    private readonly Scalar _mean = (float)mean;
    private readonly Scalar _rest = (float)(mean - (float)mean);
    private readonly Scalar _deviation = deviation;

    /// <summary>Numbers that scores around them, several deviations away, can be computed with in single precision.</summary>
    private const double LeastDeviation = 1e-36, GreatestLabel = 1e36;

    /// <summary>The task by its options, its label column and the rows that train.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to learn, or single precision has no digits for it.</exception>
    public static RegressionObjective Of(RegressionOptions options, DataViewSchema.Column label, RowStatistics statistics)
    {
        if (!(statistics.TargetDeviation > 0))
            throw new InvalidOperationException(
                $"All {statistics.Count} rows have the label {statistics.TargetMean} in column '{label.Name}'. There is nothing to learn from a constant.");
        if (statistics.TargetDeviation < LeastDeviation || statistics.GreatestTarget > GreatestLabel)
            throw new InvalidOperationException(FormattableString.Invariant($"The labels in column '{label.Name}' reach {statistics.GreatestTarget:G3} with a standard deviation of {statistics.TargetDeviation:G3}; ")
                + FormattableString.Invariant($"in single precision a network predicts numbers up to {GreatestLabel:G1} with a deviation of at least {LeastDeviation:G1}. Put them in another unit."));
        return new RegressionObjective(options.Loss, statistics.TargetMean, statistics.TargetDeviation, options.SpreadColumnName);
    }

    public override int Outputs => 1;

    /// <summary>That of 0 for every row, by normal targets.</summary>
    public override double LossOfGuessing => loss.OfGuessing;

    public override ScoreColumns Columns { get; } = new RegressionColumns(spread);

    public override IEnumerable<KeyValuePair<string, string>> Metadata => [KeyValuePair.Create("task", "regression")];

    /// <summary>Keeps the unit in which the previous network speaks.</summary>
    public override Objective After(PreviousNetwork previous) =>
        new RegressionObjective(loss, (double)previous.Number("target.mean") + previous.Number("target.rest"), previous.Number("target.deviation"), SpreadOutput);

    protected override Tensor RowLosses(Tensor outputs, Tensor targets) => loss.Of(outputs.flatten() - Standardized(targets));

    /// <summary>z of some targets.</summary>
    public Tensor Standardized(Tensor targets) => targets.sub(_mean).sub(_rest).div(_deviation);

    protected override Tensor Average(Tensor ofMembers) => ofMembers.mean([0]);

    protected override string WriteAverage(OnnxGraph graph, string ofMembers) => graph.Add("ReduceMean", [ofMembers], "members.mean", ("axes", new[] { 0 }), ("keepdims", 0));

    protected override Tensor Predictions(Tensor ofMembers) => ofMembers.mul(_deviation);

    protected override string WritePredictions(OnnxGraph graph, string ofMembers) => graph.Add("Mul", [ofMembers, graph.Constant("members.deviation", (float)deviation)], "members.numbers");

    public override WrittenLoss WriteOut() => new OfErrors(loss, mean, deviation);

    public override IEnumerable<(string Output, Tensor Values)> Scores(Tensor outputs) => [(ScoreColumns.Score, outputs.mul(_deviation).Plus(_rest).Plus(_mean))];

    /// <summary>
    /// The standard deviation of the labels, or how far scores go from their mean where that is further. A score around a mean so great that its
    /// unit in the last place counts beside the deviation is allowed two of those at a tolerance of 10⁻⁴.
    /// </summary>
    public override double Spread(string output, double least, double greatest) =>
        Math.Max(Math.Max(deviation, 2.4e-3 * Math.Abs(mean)), Math.Max(greatest - mean, mean - least));

    protected override void WriteOnnx(OnnxGraph graph, string outputs, string finite) => graph.AddOutput("Add", [WriteNumber(graph, outputs), finite], ScoreColumns.Score, 1);

    /// <summary>The nodes from raw outputs to numbers in the unit of the label.</summary>
    public string WriteNumber(OnnxGraph graph, string outputs)
    {
        var scaled = graph.Add("Mul", [outputs, graph.Constant("target.deviation", (float)deviation)], "target.scaled");
        var moved = graph.Add("Add", [scaled, graph.Constant("target.rest", (float)(mean - (float)mean))], "target.moved");
        return graph.Add("Add", [moved, graph.Constant("target.mean", (float)mean)], "target.number");
    }

    private sealed class OfErrors(RegressionLoss loss, double mean, double deviation) : WrittenLoss
    {
        private readonly float _mean = (float)mean;
        private readonly float _rest = (float)(mean - (float)mean);
        private readonly float _deviation = (float)deviation;

        public override double Differentiate(Block outputs, Block inputs, in Batch batch, double factor)
        {
            var values = outputs.Values;
            var targets = Numbers<float>(batch.Targets);
            var shares = Of(batch);
            var sum = 0.0;
            for (var row = 0; row < values.Length; row++)
            {
                var (ofRow, slope) = loss.At(values[row] - (targets[row] - _mean - _rest) / _deviation);
                sum += shares[row] * ofRow;
                values[row] = (float)(factor * shares[row] * slope);
            }
            return sum;
        }
    }
}
