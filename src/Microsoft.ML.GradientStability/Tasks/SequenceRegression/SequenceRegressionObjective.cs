namespace Microsoft.ML.GradientStability;

/// <summary>Predicting a number for every step of a sequence: to each what <see cref="RegressionObjective"/> is to a row.</summary>
/// <param name="ofStep">The task of a step.</param>
/// <param name="steps">Of a row; <see langword="null"/> where rows have different lengths.</param>
internal sealed class SequenceRegressionObjective(RegressionObjective ofStep, int? steps) : StepsObjective(ofStep)
{
    public override ScoreColumns Columns { get; } = new SequenceRegressionColumns(steps);

    public override IEnumerable<KeyValuePair<string, string>> Metadata => [KeyValuePair.Create("task", "regression of steps")];

    protected override FedLabel Label => new FedNumber(ofStep.Standardized);

    /// <summary>Keeps the unit in which the previous network speaks.</summary>
    public override Objective After(PreviousNetwork previous) => new SequenceRegressionObjective((RegressionObjective)ofStep.After(previous), steps);

    protected override void WriteOnnx(OnnxGraph graph, string outputs, string finite)
    {
        var numbers = graph.Add("Add", [ofStep.WriteNumber(graph, outputs), finite], "target.finite");
        graph.AddOutput("Reshape", [numbers, graph.Constant("score.rows", [0, -1])], ScoreColumns.Score, steps ?? 0);
    }
}
