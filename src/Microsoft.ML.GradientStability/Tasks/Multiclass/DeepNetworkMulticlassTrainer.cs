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
    public sealed class Options : SupervisedOptions
    {
        private double _labelSmoothing;
        private IReadOnlyList<double>? _classWeights;

        /// <summary>
        /// ε, the share of certainty that every target gives to all classes alike (Szegedy et al. 2016, who take 0.1), in [0, 1). Default 0:
        /// probabilities as the rows have them.
        /// </summary>
        public double LabelSmoothing
        {
            get => _labelSmoothing;
            set => _labelSmoothing = Check.InRange(value, 0, 1, nameof(LabelSmoothing), upperIncluded: false);
        }

        /// <summary>
        /// How much the rows of each class count, one finite number of at least 0 for every key of the label, in their order; the greatest at
        /// most 1e30 times the least above 0.
        /// Default <see langword="null"/>: all the same.
        /// </summary>
        public IReadOnlyList<double>? ClassWeights
        {
            get => _classWeights;
            set
            {
                for (var i = 0; i < value?.Count; i++)
                    Check.That(float.IsFinite((float)value[i]) && value[i] >= 0, nameof(ClassWeights), value[i], $"the weight of class {i + 1} must be a number of at least 0, finite in single precision");
                Check.That(value is null || value.Any(weight => weight > 0), nameof(ClassWeights), "0 for all classes", "at least one class must count");
                Check.That(value is null || value.Max() <= 1e30 * value.Where(weight => weight > 0).Min(), nameof(ClassWeights), value is null ? null : Listing.Of(value.Select(weight => $"{weight}"), value.Count),
                    "the greatest must be at most 1e30 times the least above 0, or single precision has no digit for both");
                _classWeights = value is null ? null : [.. value];
            }
        }

        internal override double WeightOfClass(int index) => _classWeights?[index] ?? 1;

        internal override void WeighClasses(IReadOnlyList<double>? weights) => ClassWeights = weights;

        internal override ScoreColumns ColumnsOf(IReadOnlyList<string> classes) => new MulticlassColumns(ClassLabels.Of(classes));
    }

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepNetworkMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, SupervisedOptions.InputColumns(options, new KeyLabelReader()), [ScoreColumns.Score, ScoreColumns.PredictedLabel]) { }

    private protected override Objective Objective(DataViewSchema.Column? label, RowStatistics statistics, IChannel channel)
    {
        var labels = ClassLabels.Of(label!.Value);
        if (labels.Objection is { } objection)
            throw new InvalidOperationException(
                $"In column '{label!.Value.Name}' {objection}, and a saved model could not tell such classes apart. Append mlContext.Transforms.Conversion.MapKeyToValue(\"{label!.Value.Name}\") "
                + $"and MapValueToKey(\"{label!.Value.Name}\") before the trainer, which make one class of equal names and leave rows without a name to be removed.");
        if (statistics.RowsOfTarget.Count == 1)
            throw new InvalidOperationException(
                $"All {statistics.Count} rows have the same label (key {statistics.RowsOfTarget.Keys.First() + 1}) in column '{label!.Value.Name}'. Classification needs at least two classes.");
        var absent = labels.Count - statistics.RowsOfTarget.Count;
        if (absent > 0)
            channel.Warning(MessageSensitivity.None, "{0}",
                $"No training row of column '{label!.Value.Name}' has the label "
                + $"{Listing.Of(labels.Names.Where((_, c) => !statistics.RowsOfTarget.ContainsKey(c)).Select(name => $"'{Listing.Short(name)}'"), absent)}; "
                + "the model cannot learn to predict it. Add rows, or hold out fewer.");
        Check.That(TrainerOptions.ClassWeights is not { } weights || weights.Count == labels.Count, nameof(Options.ClassWeights), TrainerOptions.ClassWeights?.Count,
            $"the label has {labels.Count} keys, and every one needs a weight");
        if (TrainerOptions.ClassWeights is { } given && statistics.RowsOfTarget.Keys.Count(c => given[(int)c] > 0) == 1)
            throw new InvalidOperationException(
                $"By their ClassWeights the rows of one class alone count (key {statistics.RowsOfTarget.Keys.First(c => given[(int)c] > 0) + 1}). Classification needs at least two classes.");
        return new MulticlassObjective(labels, TrainerOptions.LabelSmoothing, TrainerOptions.ClassWeights,
            [.. Enumerable.Range(0, labels.Count).Select(c => statistics.RowsOfTarget.GetValueOrDefault(c))]);
    }

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => new MulticlassColumns(ClassLabels.Of(label!.Value));
}
