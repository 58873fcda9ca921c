using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A class of which less than <see cref="MinRecall"/> of its training rows is told, or which has a handful of rows where others have many: it has too few rows, or its rows
/// count too little. A warning, after the last step.
/// </summary>
public sealed record MissedClassDetector : Detector
{
    private readonly double _minRecall = 0.1;

    [JsonConstructor]
    internal MissedClassDetector() { }

    /// <summary>The share of a class's training rows that must be told, in [0, 1]. Default 0.1: less is chance.</summary>
    public double MinRecall { get => _minRecall; init => _minRecall = Check.InRange(value, 0, 1, nameof(MinRecall)); }

    private protected override string Parameters => Invariant($"recall {MinRecall}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(MissedClassDetector rule, TrainingContext context) : Watch
    {
        /// <summary>Rows of a class that are learnt by heart at most, where others have more by far.</summary>
        private const int FewRows = 8;

        public override Finding? Ended(int epoch)
        {
            var e = context.Evidence;
            var recall = e.End!.RecallOfClass;
            var missed = Enumerable.Range(0, Math.Min(recall.Count, e.Data.RowsOfClass.Count)).Where(c => recall[c] < rule.MinRecall || e.Data.RowsOfClass[c] < FewRows).ToArray();
            if (missed.Length == 0)
                return null;
            var why = context.Explain(Symptom.MissedClass);
            if (why.Confidence < 0.5)
                return null;
            return new Finding(why)
            {
                Kind = "Missed class",
                Severity = Severity.Warning,
                Layer = e.Layers[^1].Title,
                Units = missed,
                Epoch = epoch,
                Step = e.Step,
                Evidence = $"of the training rows of {missed.Length} of {recall.Count} classes (number {string.Join(", ", missed.Take(5).Select(c => c + 1))}) less than {rule.MinRecall:P0} is told right, or there are fewer than {FewRows} of them.",
                Measures = new Dictionary<string, double> { ["missed classes"] = missed.Length, ["classes"] = recall.Count, ["least recall"] = missed.Min(c => recall[c]) },
            };
        }
    }
}
