using Microsoft.ML.Runtime;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Trains a deep network to tell yes from no, by log-loss. Reached by <c>mlContext.BinaryClassification.Trainers.DeepNetwork(…)</c>.
/// </summary>
/// <remarks>
/// Input: a Boolean label column, and a feature column, a vector of Single of known size. Output: <c>Score</c>, the logit,
/// <c>Probability</c> of the positive class, and <c>PredictedLabel</c>, Boolean, true where the logit is above 0.
/// </remarks>
public sealed class DeepNetworkBinaryTrainer : DeepNetworkTrainer<DeepNetworkBinaryTrainer.Options>
{
    /// <summary>The options of <see cref="DeepNetworkBinaryTrainer"/>.</summary>
    [TaskName("Binary")]
    public sealed class Options : ClassificationOptions
    {
        private double _positiveWeight = 1;

        /// <summary>How much a positive row counts beside a negative one, above 0. Default 1.</summary>
        public double PositiveWeight { get => _positiveWeight; set => _positiveWeight = Check.Positive(value, nameof(PositiveWeight)); }

        internal override double WeightOfClass(int index) => index == 1 ? _positiveWeight : 1;

        internal override void WeighClasses(IReadOnlyList<double>? weights) => PositiveWeight = weights is null ? 1 : weights[1] / weights[0];

        internal override ScoreColumns ColumnsOf(IReadOnlyList<string> classes) => new BinaryColumns(SpreadColumnName);
    }

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepNetworkBinaryTrainer(IHostEnvironment env, Options options)
        : base(env, options, SupervisedOptions.InputColumns(options, new BooleanLabelReader()), SupervisedOptions.Outputs(options, ScoreColumns.Score, ScoreColumns.PredictedLabel, BinaryColumns.Probability)) { }

    private protected override Objective Objective(BoundColumns columns, RowStatistics statistics, IChannel channel)
    {
        if (statistics.RowsOfTarget.Count == 1)
            throw new InvalidOperationException(
                $"All {statistics.Count} rows have the label {(statistics.RowsOfTarget.ContainsKey(1) ? "true" : "false")} in column '{columns.Label!.Value.Name}'. Classification needs both.");
        return new BinaryObjective(TrainerOptions.PositiveWeight, statistics.TargetMean, TrainerOptions.SpreadColumnName);
    }

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => TrainerOptions.ColumnsOf([]);
}
