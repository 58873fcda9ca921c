namespace Microsoft.ML.GradientStability;

/// <summary>
/// Telling the class of every step of a sequence: to each what <see cref="MulticlassObjective"/> is to a row. <c>Score</c> holds the probabilities of the
/// classes, step behind step.
/// </summary>
/// <param name="ofStep">The task of a step.</param>
/// <param name="labels">The classes.</param>
/// <param name="steps">Of a row; <see langword="null"/> where rows have different lengths.</param>
internal sealed class SequenceMulticlassObjective(MulticlassObjective ofStep, ClassLabels labels, int? steps) : StepsObjective(ofStep)
{
    public override ScoreColumns Columns { get; } = new SequenceMulticlassColumns(labels, steps);

    public override IEnumerable<KeyValuePair<string, string>> Metadata =>
        ofStep.Metadata.Select(entry => entry.Key == "task" ? KeyValuePair.Create("task", "multiclass classification of steps") : entry);

    protected override FedLabel Label => new FedClass(labels.Count);

    /// <summary>An index of −1 says that there is no likeliest class: the scores are NaN, and their sum is.</summary>
    protected override void WriteOnnx(OnnxGraph graph, string outputs, string finite)
    {
        var probabilities = graph.Add("Add", [graph.Add("Softmax", [outputs], "probabilities", ("axis", 2)), finite], "probabilities.finite");
        var sum = graph.Add("ReduceSum", [probabilities, graph.Constant("score.axis", [2])], "score.sum", ("keepdims", 0));
        graph.AddOutput("Reshape", [probabilities, graph.Constant("score.rows", [0, -1])], ScoreColumns.Score, (steps ?? 0) * labels.Count);
        var likeliest = graph.Add("ArgMax", [outputs], "likeliest", ("axis", 2), ("keepdims", 0));
        graph.AddOutput("Where", [graph.Add("IsNaN", [sum], "score.none"), graph.Constant("likeliest.none", [-1]), likeliest], ScoreColumns.PredictedLabel, steps ?? 0, isIndex: true);
    }
}
