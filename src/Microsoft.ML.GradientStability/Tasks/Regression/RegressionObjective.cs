using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Predicting a number y: the network learns z = (y − mean)/deviation of the training targets, so that losses and gradients have the
/// same scale whatever the unit of y; <c>Score</c> is mean + deviation·output. The mean is kept as a Single and what that leaves, so that a
/// small deviation beside a large mean loses no digit.
/// </summary>
internal sealed class RegressionObjective(RegressionLoss loss, double mean, double deviation) : SupervisedObjective
{
    private readonly Scalar _mean = (float)mean;
    private readonly Scalar _rest = (float)(mean - (float)mean);
    private readonly Scalar _deviation = deviation;

    protected override int Outputs => 1;

    /// <summary>That of 0 for every row, by normal targets.</summary>
    public override double LossOfGuessing => loss.OfGuessing;

    public override ScoreColumns Columns { get; } = new RegressionColumns();

    public override IEnumerable<KeyValuePair<string, string>> Metadata => [KeyValuePair.Create("task", "regression")];

    /// <summary>Keeps the unit in which the previous network speaks.</summary>
    public override Objective After(PreviousNetwork previous) =>
        new RegressionObjective(loss, (double)previous.Number("target.mean") + previous.Number("target.rest"), previous.Number("target.deviation"));

    protected override Tensor RowLosses(Tensor outputs, Tensor targets) => loss.Of(outputs.flatten() - targets.sub(_mean).sub(_rest).div(_deviation));

    protected override Tensor Average(Tensor ofMembers) => ofMembers.mean([0]);

    protected override string WriteAverage(OnnxGraph graph, string ofMembers) => graph.Add("ReduceMean", [ofMembers], "members.mean", ("axes", new[] { 0 }), ("keepdims", 0));

    public override WrittenLoss WriteOut() => new OfErrors(loss, mean, deviation);

    protected override IEnumerable<(string Output, Tensor Values)> Scores(Tensor outputs) => [(ScoreColumns.Score, outputs.mul(_deviation).Plus(_rest).Plus(_mean))];

    /// <summary>
    /// The standard deviation of the labels, or how far scores go from their mean where that is further. A score around a mean so great that its
    /// unit in the last place counts beside the deviation is allowed two of those at a tolerance of 10⁻⁴.
    /// </summary>
    public override double Spread(string output, double least, double greatest) =>
        Math.Max(Math.Max(deviation, 2.4e-3 * Math.Abs(mean)), Math.Max(greatest - mean, mean - least));

    protected override void WriteOnnx(OnnxGraph graph, string outputs, string finite)
    {
        var scaled = graph.Add("Mul", [outputs, graph.Constant("target.deviation", (float)deviation)], "target.scaled");
        var moved = graph.Add("Add", [scaled, graph.Constant("target.rest", (float)(mean - (float)mean))], "target.moved");
        var number = graph.Add("Add", [moved, graph.Constant("target.mean", (float)mean)], "target.number");
        graph.AddOutput("Add", [number, finite], ScoreColumns.Score, 1);
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
