using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Telling K ≥ 2 classes apart: cross-entropy of softmax(outputs), with label smoothing ε (targets (1 − ε)·onehot + ε/K,
/// Szegedy et al. 2016) and a weight a class. <c>Score</c> is the probability of each class.
/// </summary>
/// <param name="labels">The classes.</param>
/// <param name="labelSmoothing">ε.</param>
/// <param name="classWeights">A number a class; <see langword="null"/> for all the same.</param>
/// <param name="classRows">Training rows of each class; <see langword="null"/> where they are as many of each.</param>
/// <param name="spread">The output of the members' spread, if any.</param>
internal sealed class MulticlassObjective(ClassLabels labels, double labelSmoothing, IReadOnlyList<double>? classWeights,
    IReadOnlyList<long>? classRows = null, string? spread = null) : SupervisedObjective(spread)
{
    /// <summary>Times the power of two that brings the greatest into [1, 2), which changes no mean by weight.</summary>
    private readonly float[]? _classWeights = classWeights?.Select(w => (float)Math.ScaleB(w, -Math.ILogB(classWeights!.Max()))).ToArray();

    /// <summary>The task by its options, its label column and the rows that train.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to learn.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Weights are not those of the classes.</exception>
    public static MulticlassObjective Of(MulticlassOptions options, DataViewSchema.Column label, RowStatistics statistics, IChannel channel)
    {
        var labels = ClassLabels.Of(label);
        if (labels.Objection is { } objection)
            throw new InvalidOperationException(
                $"In column '{label.Name}' {objection}, and a saved model could not tell such classes apart. Append mlContext.Transforms.Conversion.MapKeyToValue(\"{label.Name}\") "
                + $"and MapValueToKey(\"{label.Name}\") before the trainer, which make one class of equal names and leave rows without a name to be removed.");
        if (statistics.RowsOfTarget.Count == 1)
            throw new InvalidOperationException(
                $"All {statistics.Count} rows have the same label (key {statistics.RowsOfTarget.Keys.First() + 1}) in column '{label.Name}'. Classification needs at least two classes.");
        var absent = labels.Count - statistics.RowsOfTarget.Count;
        if (absent > 0)
            channel.Warning(MessageSensitivity.None, "{0}",
                $"No training row of column '{label.Name}' has the label "
                + $"{Listing.Of(labels.Names.Where((_, c) => !statistics.RowsOfTarget.ContainsKey(c)).Select(name => $"'{Listing.Short(name)}'"), absent)}; "
                + "the model cannot learn to predict it. Add rows, or hold out fewer.");
        GradientStability.Check.That(options.ClassWeights is not { } weights || weights.Count == labels.Count, nameof(options.ClassWeights), options.ClassWeights?.Count,
            $"the label has {labels.Count} keys, and every one needs a weight");
        if (options.ClassWeights is { } given && statistics.RowsOfTarget.Keys.Count(c => given[(int)c] > 0) == 1)
            throw new InvalidOperationException(
                $"By their ClassWeights the rows of one class alone count (key {statistics.RowsOfTarget.Keys.First(c => given[(int)c] > 0) + 1}). Classification needs at least two classes.");
        return new MulticlassObjective(labels, options.LabelSmoothing, options.ClassWeights,
            [.. Enumerable.Range(0, labels.Count).Select(c => statistics.RowsOfTarget.GetValueOrDefault(c))], options.SpreadColumnName);
    }

    public override int Outputs => labels.Count;

    /// <summary>−Σt·log t, t the mean of the smoothed targets over the training rows, each as heavy as its class.</summary>
    public override double LossOfGuessing
    {
        get
        {
            if (classRows is null)
                return Math.Log(labels.Count);
            var masses = classRows.Select((rows, c) => rows * (classWeights?[c] ?? 1)).ToArray();
            var total = masses.Sum();
            return Entropy(masses.Select(mass => Smoothed(mass / total)));
        }
    }

    /// <summary>The entropy of a smoothed target.</summary>
    public override double LeastLoss => Entropy(Enumerable.Range(0, labels.Count).Select(c => Smoothed(c == 0 ? 1 : 0)));

    public override bool HasClasses => true;

    public override ScalarType TargetType => ScalarType.Int64;

    public override ScoreColumns Columns { get; } = new MulticlassColumns(labels, spread);

    public override IEnumerable<KeyValuePair<string, string>> Metadata =>
        [KeyValuePair.Create("task", "multiclass classification"), KeyValuePair.Create("classes", JsonSerializer.Serialize(labels.Names))];

    public override void Check(RowStatistics rows, string what)
    {
        if (_classWeights is null || rows.RowsOfTarget.Keys.Any(c => _classWeights[(int)c] > 0))
            return;
        var keys = Listing.Of(rows.RowsOfTarget.Keys.Select(c => $"{c + 1}"), rows.RowsOfTarget.Count);
        throw new InvalidOperationException($"{what} are all of classes with ClassWeights of 0 (key {keys}). At least one row must count.");
    }

    /// <summary>
    /// As in PyTorch, class weights c make it Σwᵢ·lᵢ / Σwᵢ·c[yᵢ], l with its class weight in it; 0 for a batch that weighs nothing.
    /// </summary>
    public override Tensor Loss(Tensor outputs, Tensor targets, Tensor? weights)
    {
        if (_classWeights is null)
            return weights is null ? nn.functional.cross_entropy(outputs, targets, label_smoothing: labelSmoothing) : base.Loss(outputs, targets, weights);
        var losses = RowLosses(outputs, targets);
        return (weights is null ? losses : losses * weights).sum() / AboveZero(Weights(targets, weights).sum());
    }

    public override WrittenLoss WriteOut() => new CrossEntropy(labels.Count, labelSmoothing, _classWeights);

    public override double Weight(in Batch batch) =>
        _classWeights is null ? base.Weight(batch) : Weights(batch.Targets, batch.Weights).sum().item<float>();

    protected override Tensor RowLosses(Tensor outputs, Tensor targets) =>
        nn.functional.cross_entropy(outputs, targets, ClassWeights(outputs.device), reduction: nn.Reduction.None, label_smoothing: labelSmoothing);

    public override Tensor Correct(Tensor outputs, Tensor targets) => outputs.argmax(1).eq(targets);

    /// <summary>The logarithm of the sum of probabilities: softmax makes it their mean.</summary>
    protected override Tensor Average(Tensor ofMembers) => nn.functional.log_softmax(ofMembers, 2).logsumexp(0);

    protected override string WriteAverage(OnnxGraph graph, string ofMembers) =>
        graph.Add("ReduceLogSumExp", [graph.Add("LogSoftmax", [ofMembers], "members.log", ("axis", 2))], "members.sum", ("axes", new[] { 0 }), ("keepdims", 0));

    protected override Tensor Predictions(Tensor ofMembers) => nn.functional.softmax(ofMembers, 2);

    protected override string WritePredictions(OnnxGraph graph, string ofMembers) => graph.Add("Softmax", [ofMembers], "members.probabilities", ("axis", 2));

    public override IEnumerable<(string Output, Tensor Values)> Scores(Tensor outputs) => [(ScoreColumns.Score, nn.functional.softmax(outputs, 1))];

    /// <summary>An index of −1 says that there is no likeliest class: the scores are NaN, and their sum is.</summary>
    protected override void WriteOnnx(OnnxGraph graph, string outputs, string finite)
    {
        var probabilities = graph.Add("Softmax", [outputs], "probabilities", ("axis", 1));
        graph.AddOutput("Add", [probabilities, finite], ScoreColumns.Score, Outputs);
        var sum = graph.Add("ReduceSum", [ScoreColumns.Score, graph.Constant("score.axis", [1])], "score.sum", ("keepdims", 1));
        var none = graph.Add("IsNaN", [sum], "score.none");
        var likeliest = graph.Add("ArgMax", [outputs], "likeliest", ("axis", 1), ("keepdims", 1));
        graph.AddOutput("Where", [none, graph.Constant("likeliest.none", [-1]), likeliest], ScoreColumns.PredictedLabel, 1, isIndex: true);
    }

    private double Smoothed(double share) => (1 - labelSmoothing) * share + labelSmoothing / labels.Count;

    private static double Entropy(IEnumerable<double> shares) => -shares.Where(s => s > 0).Sum(s => s * Math.Log(s));

    private Tensor Weights(Tensor targets, Tensor? weights)
    {
        var ofClass = ClassWeights(targets.device)!.index_select(0, targets);
        return weights is null ? ofClass : ofClass * weights;
    }

    private Tensor? ClassWeights(Device device) => _classWeights is null ? null : tensor(_classWeights, device: device);

    /// <summary>
    /// With p = softmax(z) of the outputs z and t the smoothed target times the class weights, l = Σt·(ln Σeᶻ − z) and ∂l/∂z = p·Σt − t.
    /// </summary>
    private sealed class CrossEntropy(int classes, double smoothing, float[]? classWeights) : WrittenLoss
    {
        private readonly float[] _weights = classWeights ?? [.. Enumerable.Repeat(1f, classes)];
        private readonly float[] _smooth = [.. (classWeights ?? [.. Enumerable.Repeat(1f, classes)]).Select(weight => (float)(weight * smoothing / classes))];
        private readonly double _smoothSum = (classWeights?.Sum(weight => (double)weight) ?? classes) * smoothing / classes;

        public override double Differentiate(Block outputs, Block inputs, in Batch batch, double factor)
        {
            var targets = Numbers<long>(batch.Targets);
            var shares = Of(batch, targets, classWeights);
            var loss = 0.0;
            for (var row = 0; row < outputs.Rows; row++)
            {
                var z = outputs.RowValues(row);
                var target = (int)targets[row];
                var hard = (1 - smoothing) * _weights[target];
                TensorPrimitives.Subtract(z, TensorPrimitives.Max<float>(z), z);
                var expected = hard * z[target] + (smoothing == 0 ? 0 : TensorPrimitives.Dot<float>(z, _smooth));
                TensorPrimitives.Exp(z, z);
                double sum = TensorPrimitives.Sum<float>(z), all = hard + _smoothSum, share = shares[row];
                loss += share * (all * Math.Log(sum) - expected);
                share *= factor;
                TensorPrimitives.Multiply(z, (float)(share * all / sum), z);
                if (smoothing > 0)
                    TensorPrimitives.MultiplyAdd(_smooth, (float)-share, z, z);
                z[target] -= (float)(share * hard);
            }
            return loss;
        }
    }
}
