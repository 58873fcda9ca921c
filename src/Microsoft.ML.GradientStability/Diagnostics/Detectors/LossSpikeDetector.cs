using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A batch whose loss lies more than <see cref="MaxDeviations"/> running deviations above its running mean, and above twice that of guessing, after the
/// first <see cref="Patience"/> steps. A warning that names the rows of the batch.
/// </summary>
public sealed record LossSpikeDetector : Detector
{
    private readonly double _maxDeviations = 10;
    private readonly int _patience = 50;

    [JsonConstructor]
    internal LossSpikeDetector() { }

    /// <summary>Greatest healthy distance in deviations, above 0. Default 10.</summary>
    public double MaxDeviations { get => _maxDeviations; init => _maxDeviations = Check.Positive(value, nameof(MaxDeviations)); }

    /// <summary>Steps until mean and deviation are known, at least 1. Default 50.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters => Invariant($"deviations {MaxDeviations}, patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(LossSpikeDetector rule, TrainingContext context) : Watch
    {
        private const int ShownRows = 10;

        private long _last;

        public override long LastSeen => _last;

        public override Finding? Inspect(StepObservation step)
        {
            var e = context.Evidence;
            if (!step.IsFinite || step.Step <= rule.Patience || !(e.Loss.Spike > rule.MaxDeviations && step.Loss > 2 * e.Guessing))
                return null;
            _last = step.Step;
            var rows = context.Rows();
            return new Finding(context.Explain(Symptom.Explosion))
            {
                Kind = "Loss spike",
                Severity = Severity.Warning,
                Layer = "the whole network",
                Rows = rows,
                Epoch = step.Epoch,
                Step = step.Step,
                Evidence = Invariant($"the loss of the batch is {step.Loss:G4}, {e.Loss.Spike:G3} deviations above its running mean; guessing gives {e.Guessing:G4}. ")
                    + (rows.Count == 0 ? "Its rows were streamed, and have no number." : $"Its rows, counted from 1, are {Listing.Of(rows.Take(ShownRows).Select(row => $"{row + 1}"), rows.Count)}."),
                Measures = new Dictionary<string, double> { ["loss"] = step.Loss, ["deviations"] = e.Loss.Spike, ["guessing"] = e.Guessing },
            };
        }
    }
}
