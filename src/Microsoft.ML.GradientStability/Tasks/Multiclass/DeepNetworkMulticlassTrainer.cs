using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a deep network to tell classes apart, by cross-entropy. Reached by
/// <c>mlContext.MulticlassClassification.Trainers.DeepNetwork(…)</c>.
/// </summary>
/// <remarks>
/// Input: a label column of a key type, and a feature column, a vector of Single of known size. Output: <c>PredictedLabel</c>, a key
/// with the label's values, and <c>Score</c>, the probability of each class.
/// </remarks>
public sealed class DeepNetworkMulticlassTrainer : DeepNetworkTrainer<DeepNetworkMulticlassTrainer.Options>
{
    /// <summary>The options of <see cref="DeepNetworkMulticlassTrainer"/>.</summary>
    [TaskName("Multiclass")]
    public sealed class Options : MulticlassOptions
    {
        internal override ScoreColumns ColumnsOf(IReadOnlyList<string> classes) => new MulticlassColumns(ClassLabels.Of(classes), SpreadColumnName);
    }

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepNetworkMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, SupervisedOptions.InputColumns(options, new KeyLabelReader()), SupervisedOptions.Outputs(options, ScoreColumns.Score, ScoreColumns.PredictedLabel)) { }

    private protected override Objective Objective(BoundColumns columns, RowStatistics statistics, IChannel channel) =>
        MulticlassObjective.Of(TrainerOptions, columns.Label!.Value, statistics, channel);

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => new MulticlassColumns(ClassLabels.Of(label!.Value), TrainerOptions.SpreadColumnName);
}
