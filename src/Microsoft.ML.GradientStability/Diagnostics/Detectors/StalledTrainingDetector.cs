using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A loss that after <see cref="Patience"/> steps has not come below that of guessing, where one cause explains it with at least
/// <see cref="MinConfidence"/>. A warning, once: said while the fit runs, what <see cref="PoorFitDetector"/> would say of it at its end.
/// </summary>
public sealed record StalledTrainingDetector : Detector
{
    private readonly int _patience = 500;
    private readonly double _minConfidence = 0.85;

    [JsonConstructor]
    internal StalledTrainingDetector() { }

    /// <summary>Steps that a fit is given, at least 1. Default 500.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    /// <summary>The confidence in a cause from which it is told, in [0, 1]. Default 0.85: a slow start has none.</summary>
    public double MinConfidence { get => _minConfidence; init => _minConfidence = Check.InRange(value, 0, 1, nameof(MinConfidence)); }

    private protected override string Parameters => Invariant($"patience {Patience}, confidence {MinConfidence}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(StalledTrainingDetector rule, TrainingContext context) : Watch
    {
        public override Finding? Inspect(StepObservation step)
        {
            var e = context.Evidence;
            if (step.Step % rule.Patience != 0 || e.Learns || e.Falls)
                return null;
            var why = context.Explain(Symptom.PoorFit);
            return why.Confidence < rule.MinConfidence ? null : new Finding(why)
            {
                Kind = "Stalled training",
                Severity = Severity.Warning,
                Layer = "the whole network",
                Epoch = step.Epoch,
                Step = step.Step,
                Evidence = Invariant($"after {step.Step} steps the loss is {e.Loss.Mean:G4}; guessing gives {e.Guessing:G4}. A step changes the weights by {e.UpdateRatio:G2} of their size."),
                Measures = new Dictionary<string, double> { ["loss"] = e.Loss.Mean, ["guessing"] = e.Guessing, ["update ratio"] = e.UpdateRatio },
            };
        }
    }
}
