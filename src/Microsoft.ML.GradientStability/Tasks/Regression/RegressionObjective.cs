using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Predicting a number y: the network learns z = (y − mean)/deviation of the training targets, so that losses and gradients have the
/// same scale whatever the unit of y; <c>Score</c> is mean + deviation·output.
/// </summary>
internal sealed class RegressionObjective(RegressionLoss loss, double mean, double deviation) : SupervisedObjective
{
    protected override int Outputs => 1;

    /// <summary>That of 0 for every row, by normal targets.</summary>
    public override double LossOfGuessing => loss.OfGuessing;

    public override ScoreColumns Columns { get; } = new RegressionColumns();

    public override IEnumerable<KeyValuePair<string, string>> Metadata => [KeyValuePair.Create("task", "regression")];

    /// <summary>Keeps the unit in which the previous network speaks.</summary>
    public override Objective After(PreviousNetwork previous) =>
        new RegressionObjective(loss, previous.Number("target.mean"), previous.Number("target.deviation"));

    protected override Tensor RowLosses(Tensor outputs, Tensor targets) => loss.Of(outputs.flatten() - (targets - mean) / deviation);

    protected override IEnumerable<(string Output, Tensor Values)> Scores(Tensor outputs) => [(ScoreColumns.Score, outputs * deviation + mean)];

    protected override void WriteOnnx(OnnxGraph graph, string outputs)
    {
        var scaled = graph.Add("Mul", [outputs, graph.Constant("target.deviation", (float)deviation)], "target.scaled");
        graph.Output(graph.Add("Add", [scaled, graph.Constant("target.mean", (float)mean)], ScoreColumns.Score), 1);
    }
}
