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
    public sealed class Options : SupervisedOptions
    {
        private RegressionLoss _loss = RegressionLoss.Squared;

        /// <summary>How much an error counts. Default <see cref="RegressionLoss.Squared"/>.</summary>
        public RegressionLoss Loss { get => _loss; set => _loss = Check.NotNull(value, nameof(Loss)); }

        internal override ScoreColumns ColumnsOf(IReadOnlyList<string> classes) => new RegressionColumns();
    }

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepNetworkRegressionTrainer(IHostEnvironment env, Options options)
        : base(env, options, SupervisedOptions.InputColumns(options, new NumberLabelReader()), [ScoreColumns.Score]) { }

    /// <summary>Numbers that scores around them, several deviations away, can be computed with in single precision.</summary>
    private const double LeastDeviation = 1e-36, GreatestLabel = 1e36;

    private protected override Objective Objective(DataViewSchema.Column? label, RowStatistics statistics, IChannel channel)
    {
        if (!(statistics.TargetDeviation > 0))
            throw new InvalidOperationException(
                $"All {statistics.Count} rows have the label {statistics.TargetMean} in column '{label!.Value.Name}'. There is nothing to learn from a constant.");
        if (statistics.TargetDeviation < LeastDeviation || statistics.GreatestTarget > GreatestLabel)
            throw new InvalidOperationException(FormattableString.Invariant($"The labels in column '{label!.Value.Name}' reach {statistics.GreatestTarget:G3} with a standard deviation of {statistics.TargetDeviation:G3}; ")
                + FormattableString.Invariant($"in single precision a network predicts numbers up to {GreatestLabel:G1} with a deviation of at least {LeastDeviation:G1}. Put them in another unit."));
        return new RegressionObjective(TrainerOptions.Loss, statistics.TargetMean, statistics.TargetDeviation);
    }

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => new RegressionColumns();
}
