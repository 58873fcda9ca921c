using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a deep network to tell the class of every step of a sequence, by cross-entropy. Reached by
/// <c>mlContext.MulticlassClassification.Trainers.DeepSequence(…)</c>.
/// </summary>
/// <remarks>
/// Input: a feature column of sequences, as <see cref="Network.Recurrent"/> and <see cref="Network.Attention"/> take it, and a label column, a vector of as many
/// keys as the row has steps; a step whose key is missing is not learnt from. Output: <c>PredictedLabel</c>, a vector of keys with the
/// label's values, and <c>Score</c>, the probability of each class, step behind step. Where the features are vectors of unknown size, so are they.
/// </remarks>
public sealed class DeepSequenceMulticlassTrainer : DeepNetworkTrainer<DeepSequenceMulticlassTrainer.Options>
{
    /// <summary>The options of <see cref="DeepSequenceMulticlassTrainer"/>.</summary>
    [TaskName("SequenceMulticlass")]
    public sealed class Options : MulticlassOptions
    {
        /// <summary>All defaults; the network's is <c>Network.Recurrent(bidirectional: true)</c>.</summary>
        public Options() => Network = GradientStability.Network.Recurrent(bidirectional: true);

        internal override ScoreColumns ColumnsOf(IReadOnlyList<string> classes) => new SequenceMulticlassColumns(ClassLabels.Of(classes), Network.Shape?.Steps);
    }

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepSequenceMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, SupervisedOptions.InputColumns(options, new KeyStepLabelReader()), [ScoreColumns.Score, ScoreColumns.PredictedLabel]) { }

    private protected override Objective Objective(BoundColumns columns, RowStatistics statistics, IChannel channel) =>
        new SequenceMulticlassObjective(MulticlassObjective.Of(TrainerOptions, columns.Label!.Value, statistics, channel), ClassLabels.Of(columns.Label!.Value), columns.Steps);

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => new SequenceMulticlassColumns(ClassLabels.Of(label!.Value), StepsOf(label!.Value));
}
