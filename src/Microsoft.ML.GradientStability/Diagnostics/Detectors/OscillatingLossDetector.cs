using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Steps that take back what the step before did: the cosine of two gradients in a row is below −<see cref="MaxOpposition"/> at <see cref="Patience"/>
/// full looks in a row, while the loss is at or above guessing. A warning.
/// </summary>
public sealed record OscillatingLossDetector : Detector
{
    private readonly double _maxOpposition = 0.3;
    private readonly int _patience = 3;
    private readonly double _minConfidence = 0.5;

    [JsonConstructor]
    internal OscillatingLossDetector() { }

    /// <summary>Greatest healthy opposition, in [0, 1]: 0 where gradients are independent, 1 where each is the other's opposite. Default 0.3.</summary>
    public double MaxOpposition { get => _maxOpposition; init => _maxOpposition = Check.InRange(value, 0, 1, nameof(MaxOpposition)); }

    /// <summary>Such looks in a row until the warning, at least 1. Default 3.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    /// <summary>The confidence in a cause from which it is told, in [0, 1]. Default 0.5: near the bottom of a valley all steps oppose each other.</summary>
    public double MinConfidence { get => _minConfidence; init => _minConfidence = Check.InRange(value, 0, 1, nameof(MinConfidence)); }

    private protected override string Parameters => Invariant($"opposition {MaxOpposition}, patience {Patience}, confidence {MinConfidence}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(OscillatingLossDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience, onlyWarns: true);

        public override long LastSeen => _persistence.Last;

        public override Finding? Look(StepObservation step)
        {
            var e = context.Evidence;
            if (_persistence.Count(e.Cosine < -rule.MaxOpposition && !e.Learns, step.Step) is not { } severity)
                return null;
            var why = context.Explain(Symptom.PoorFit);
            return why.Confidence < rule.MinConfidence ? null : new Finding(why)
            {
                Kind = "Oscillating loss",
                Severity = severity,
                Layer = "the whole network",
                Epoch = step.Epoch,
                Step = step.Step,
                FirstStep = _persistence.First,
                Evidence = Invariant($"the cosine of two gradients in a row is {e.Cosine:F2}: a step takes back what the one before did. The loss changed its direction in {e.Loss.Oscillation:P0} of the steps, and is {e.Loss.Mean:G4}; guessing gives {e.Guessing:G4}."),
                Measures = new Dictionary<string, double> { ["cosine"] = e.Cosine, ["oscillation"] = e.Loss.Oscillation, ["loss"] = e.Loss.Mean, ["guessing"] = e.Guessing },
            };
        }
    }
}
