using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Telling yes from no: log-loss of one logit x, l = −(p·y·log σ(x) + (1 − y)·log(1 − σ(x))), y in {0, 1}, p the weight of the
/// positive class. <c>Score</c> is the logit, <c>Probability</c> σ(x), <c>PredictedLabel</c> x &gt; 0.
/// </summary>
/// <param name="positiveWeight">p.</param>
/// <param name="positiveShare">Share of positive rows in the training data, in (0, 1).</param>
internal sealed class BinaryObjective(double positiveWeight, double positiveShare) : SupervisedObjective
{
    protected override int Outputs => 1;

    /// <summary>With s the positive share and a = p·s: that of the probability a/(a + 1 − s) for every row.</summary>
    public override double LossOfGuessing
    {
        get
        {
            var (yes, no) = (positiveWeight * positiveShare, 1 - positiveShare);
            return -(yes * Math.Log(yes / (yes + no)) + no * Math.Log(no / (yes + no)));
        }
    }

    public override bool HasClasses => true;

    public override ScoreColumns Columns { get; } = new BinaryColumns();

    public override IEnumerable<KeyValuePair<string, string>> Metadata => [KeyValuePair.Create("task", "binary classification")];

    /// <summary>(x + |x|)/2 − x·y + log(1 + e^−|x|), which overflows for no x and has the right slope at 0 too.</summary>
    protected override Tensor RowLosses(Tensor outputs, Tensor targets)
    {
        var x = outputs.flatten();
        var size = x.abs();
        var losses = (x + size) * 0.5 - x * targets + (size.neg().exp() + 1).log();
        return positiveWeight == 1 ? losses : losses * (targets * (positiveWeight - 1) + 1);
    }

    public override Tensor Correct(Tensor outputs, Tensor targets) => outputs.flatten().gt(0).eq(targets.gt(0));

    protected override IEnumerable<(string Output, Tensor Values)> Scores(Tensor outputs) =>
        [(ScoreColumns.Score, outputs), (BinaryColumns.Probability, outputs.sigmoid())];

    protected override void WriteOnnx(OnnxGraph graph, string outputs)
    {
        graph.Output(graph.Add("Identity", [outputs], ScoreColumns.Score), 1);
        graph.Output(graph.Add("Sigmoid", [outputs], BinaryColumns.Probability), 1);
    }
}
