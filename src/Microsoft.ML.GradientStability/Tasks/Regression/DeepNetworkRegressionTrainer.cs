using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a deep network to predict a number. Reached by <c>mlContext.Regression.Trainers.DeepNetwork(…)</c>.
/// </summary>
/// <remarks>
/// Input: a label column of Single, and a feature column, a vector of Single of known size. Output: <c>Score</c>, in the unit of the
/// label. Inside, labels have mean 0 and standard deviation 1, so their unit changes nothing.
/// </remarks>
public sealed class DeepNetworkRegressionTrainer : DeepNetworkTrainer<DeepNetworkRegressionTrainer.Options>
{
    /// <summary>The options of <see cref="DeepNetworkRegressionTrainer"/>.</summary>
    [TaskName("Regression")]
    public sealed class Options : RegressionOptions
    {
        internal override ScoreColumns ColumnsOf(IReadOnlyList<string> classes) => new RegressionColumns(SpreadColumnName);
    }

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepNetworkRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, options, SupervisedOptions.InputColumns(options, new NumberLabelReader()), SupervisedOptions.Outputs(options, ScoreColumns.Score)) { }

    private protected override Objective Objective(BoundColumns columns, RowStatistics statistics, IChannel channel) =>
        RegressionObjective.Of(TrainerOptions, columns.Label!.Value, statistics);

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => TrainerOptions.ColumnsOf([]);
}
