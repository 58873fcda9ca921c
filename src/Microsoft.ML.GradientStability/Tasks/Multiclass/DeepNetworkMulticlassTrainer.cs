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
        private double _labelSmoothing = 0.1;
        private IReadOnlyList<double>? _classWeights;

        /// <summary>ε, the share of certainty that every target gives to all classes alike, in [0, 1). Default 0.1 (Szegedy et al. 2016).</summary>
        public double LabelSmoothing
        {
            get => _labelSmoothing;
            set => _labelSmoothing = Check.InRange(value, 0, 1, nameof(LabelSmoothing), upperIncluded: false);
        }

        /// <summary>
        /// How much the rows of each class count, one finite number of at least 0 for every key of the label, in their order.
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
                _classWeights = value is null ? null : [.. value];
            }
        }

        internal override double WeightOfClass(int index) => _classWeights?[index] ?? 1;

        internal override void WeighClasses(IReadOnlyList<double>? weights) => ClassWeights = weights;
    }

    /// <summary>The trainer; the same as the fluent method.</summary>
    /// <param name="env">An <see cref="MLContext"/>.</param>
    /// <param name="options">What differs from the defaults; copied, later changes have no effect.</param>
    public DeepNetworkMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, SupervisedOptions.InputColumns(options, new KeyLabelReader()), [ScoreColumns.Score, ScoreColumns.PredictedLabel]) { }

    private protected override Objective Objective(DataViewSchema.Column? label, RowStatistics statistics, IChannel channel)
    {
        var labels = ClassLabels.Of(label!.Value);
        if (statistics.RowsOfTarget.Count == 1)
            throw new InvalidOperationException(
                $"All {statistics.Count} rows have the same label (key {statistics.RowsOfTarget.Keys.First() + 1}) in column '{label!.Value.Name}'. Classification needs at least two classes.");
        var names = labels.Names.ToArray();
        var absent = Enumerable.Range(0, labels.Count).Where(c => !statistics.RowsOfTarget.ContainsKey(c)).Select(c => $"'{names[c]}'").ToArray();
        if (absent.Length > 0)
            channel.Warning(MessageSensitivity.None, "{0}",
                $"No training row of column '{label!.Value.Name}' has the label {string.Join(", ", absent)}; the model cannot learn to predict it. Add rows, or hold out fewer.");
        Check.That(TrainerOptions.ClassWeights is not { } weights || weights.Count == labels.Count, nameof(Options.ClassWeights), TrainerOptions.ClassWeights?.Count,
            $"the label has {labels.Count} keys, and every one needs a weight");
        return new MulticlassObjective(labels, TrainerOptions.LabelSmoothing, TrainerOptions.ClassWeights,
            [.. Enumerable.Range(0, labels.Count).Select(c => statistics.RowsOfTarget.GetValueOrDefault(c))]);
    }

    private protected override ScoreColumns Columns(SchemaShape.Column? label) => new MulticlassColumns(ClassLabels.Of(label!.Value));
}
