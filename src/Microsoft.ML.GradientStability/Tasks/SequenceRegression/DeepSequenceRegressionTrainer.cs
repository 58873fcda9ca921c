using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a deep network to predict a number for every step of a sequence. Reached by <c>mlContext.Regression.Trainers.DeepSequence(…)</c>.
/// </summary>
/// <remarks>
/// Input: a feature column of sequences, as <see cref="Network.Recurrent"/> and <see cref="Network.Attention"/> take it, and a label column, a vector of as many
/// Single as the row has steps; a step whose label is NaN is not learnt from. Output: <c>Score</c>, a vector of a number a step, in the unit of the
/// label; of unknown size where the features are.
/// </remarks>
public sealed class DeepSequenceRegressionTrainer : DeepNetworkTrainer<DeepSequenceRegressionTrainer.Options>
{
    /// <summary>The options of <see cref="DeepSequenceRegressionTrainer"/>.</summary>
    [TaskName("SequenceRegression")]
    public sealed class Options : RegressionOptions
    {
        /// <summary>All defaults; the network's is <c>Network.Recurrent()</c>, which sees at every step what came before.</summary>
        public Options() => Network = GradientStability.Network.Recurrent();

        internal override ScoreColumns ColumnsOf(IReadOnlyList<string> classes) => new SequenceRegressionColumns(Network.Shape?.Steps);
    }

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepSequenceRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, options, SupervisedOptions.InputColumns(options, new NumberStepLabelReader()), [ScoreColumns.Score]) { }

    private protected override Objective Objective(BoundColumns columns, RowStatistics statistics, IChannel channel) =>
        new SequenceRegressionObjective(RegressionObjective.Of(TrainerOptions, columns.Label!.Value, statistics), columns.Steps);

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => new SequenceRegressionColumns(StepsOf(label!.Value));
}
