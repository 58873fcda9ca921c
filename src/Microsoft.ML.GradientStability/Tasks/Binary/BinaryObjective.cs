using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Telling yes from no: log-loss of one logit x, l = −(p·y·log σ(x) + (1 − y)·log(1 − σ(x))), y in {0, 1}, p the weight of the
/// positive class. <c>Score</c> is the logit, <c>Probability</c> σ(x), <c>PredictedLabel</c> x &gt; 0.
/// </summary>
/// <param name="positiveWeight">p.</param>
/// <param name="positiveShare">Share of positive rows in the training data, in (0, 1).</param>
/// <param name="spread">The output of the members' spread, if any.</param>
internal sealed class BinaryObjective(double positiveWeight, double positiveShare, string? spread = null) : SupervisedObjective(spread)
{
    /// <summary>
    /// A factor on all losses: 1, or the inverse of the mean weight of a row, p·s + 1 − s with s the positive share, where that is so far from 1
    /// that losses and gradients would leave their healthy range for no other reason.
    /// </summary>
    private readonly double _scale = Scale(positiveWeight, positiveShare);

    /// <summary>Times that factor: the weight of a negative row, and what a positive one weighs more.</summary>
    private readonly Scalar _least = Scale(positiveWeight, positiveShare);
    private readonly Scalar _extra = (positiveWeight - 1) * Scale(positiveWeight, positiveShare);

    public override int Outputs => 1;

    /// <summary>With s the positive share and a = p·s: that of the probability a/(a + 1 − s) for every row.</summary>
    public override double LossOfGuessing
    {
        get
        {
            var (yes, no) = (positiveWeight * positiveShare, 1 - positiveShare);
            return -_scale * (yes * Math.Log(yes / (yes + no)) + no * Math.Log(no / (yes + no)));
        }
    }

    public override bool HasClasses => true;

    public override ScoreColumns Columns { get; } = new BinaryColumns(spread);

    public override IEnumerable<KeyValuePair<string, string>> Metadata => [KeyValuePair.Create("task", "binary classification")];

    protected override Tensor RowLosses(Tensor outputs, Tensor targets)
    {
        var losses = nn.functional.binary_cross_entropy_with_logits(outputs.flatten(), targets, reduction: nn.Reduction.None);
        return positiveWeight == 1 ? losses : losses * targets.mul(_extra).Plus(_least);
    }

    public override WrittenLoss WriteOut() => new LogLoss(positiveWeight == 1 ? 1 : positiveWeight * _scale, positiveWeight == 1 ? 1 : _scale);

    public override Tensor Correct(Tensor outputs, Tensor targets) => outputs.flatten().gt(LastingScalars.Zero).eq(targets.gt(LastingScalars.Zero));

    /// <summary>log Σσ(x) − log Σσ(−x), the logit of the mean probability.</summary>
    protected override Tensor Average(Tensor ofMembers) => nn.functional.logsigmoid(ofMembers).logsumexp(0) - nn.functional.logsigmoid(-ofMembers).logsumexp(0);

    /// <summary>With log σ(x) = −softplus(−x).</summary>
    protected override string WriteAverage(OnnxGraph graph, string ofMembers)
    {
        var negative = graph.Add("Neg", [ofMembers], "members.negative");
        return graph.Add("Sub", [LogOfSum(negative, "yes"), LogOfSum(ofMembers, "no")], "members.logit");

        string LogOfSum(string negated, string name) => graph.Add("ReduceLogSumExp",
            [graph.Add("Neg", [graph.Add("Softplus", [negated], $"members.{name}.softplus")], $"members.{name}.log")], $"members.{name}", ("axes", new[] { 0 }), ("keepdims", 0));
    }

    protected override Tensor Predictions(Tensor ofMembers) => ofMembers.sigmoid();

    protected override string WritePredictions(OnnxGraph graph, string ofMembers) => graph.Add("Sigmoid", [ofMembers], "members.probabilities");

    public override IEnumerable<(string Output, Tensor Values)> Scores(Tensor outputs) =>
        [(ScoreColumns.Score, outputs), (BinaryColumns.Probability, outputs.sigmoid())];

    /// <summary>Where logits are small, 1 is the size of what they decide.</summary>
    public override double Spread(string output, double least, double greatest) => Math.Max(1, base.Spread(output, least, greatest));

    protected override void WriteOnnx(OnnxGraph graph, string outputs, string finite)
    {
        graph.AddOutput("Add", [outputs, finite], ScoreColumns.Score, 1);
        graph.AddOutput("Add", [graph.Add("Sigmoid", [outputs], "probability"), finite], BinaryColumns.Probability, 1);
    }

    private static double Scale(double positiveWeight, double positiveShare) =>
        positiveWeight * positiveShare + 1 - positiveShare is > 100 and var mean ? 1 / mean : 1;

    /// <summary>l = f(y)·(max(0, x) − x·y + ln(1 + e^−|x|)) and ∂l/∂x = f(y)·(σ(x) − y), f the weight of the row's class.</summary>
    private sealed class LogLoss(double positive, double negative) : WrittenLoss
    {
        public override double Differentiate(Block outputs, Block inputs, in Batch batch, double factor)
        {
            var logits = outputs.Values;
            var targets = Numbers<float>(batch.Targets);
            var shares = Of(batch);
            var loss = 0.0;
            for (var row = 0; row < logits.Length; row++)
            {
                double x = logits[row], y = targets[row], tail = Math.Exp(-Math.Abs(x)), share = shares[row] * double.Lerp(negative, positive, y);
                loss += share * (Math.Max(0, x) - x * y + Math.Log(1 + tail));
                logits[row] = (float)(factor * share * ((x >= 0 ? 1 : tail) / (1 + tail) - y));
            }
            return loss;
        }
    }
}
