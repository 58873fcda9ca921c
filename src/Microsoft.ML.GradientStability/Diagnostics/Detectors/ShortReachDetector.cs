using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A gradient that dies out on its way back over the steps of sequences: it is below a thousandth of its greatest before half of the way, at
/// <see cref="Patience"/> full looks in a row, while the loss stays at or above guessing. A warning; what stands in the steps behind is not learnt.
/// </summary>
public sealed record ShortReachDetector : Detector
{
    private readonly int _patience = 10;

    [JsonConstructor]
    internal ShortReachDetector() { }

    /// <summary>Such full looks in a row until the warning, at least 1. Default 10.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters => Invariant($"patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(ShortReachDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience, onlyWarns: true);

        public override long LastSeen => _persistence.Last;

        public override Finding? Look(StepObservation step)
        {
            var e = context.Evidence;
            // Where it is to go back no further, nothing is wrong with it.
            var isShort = e.Reach.IsShort && context.Options.Network.Traits.TruncateAfter is null;
            if (_persistence.Count(isShort && !e.Learns, step.Step) is not { } severity)
                return null;
            var reach = e.Reach;
            return new Finding(context.Explain(Symptom.Vanishing))
            {
                Kind = "Vanishing gradient over time",
                Severity = severity,
                Layer = e.DeepLayers[0].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                FirstStep = _persistence.First,
                Evidence = Invariant($"the gradient reaches back {reach.Steps} of {reach.Length} steps; before them it is below a thousandth of its greatest, a factor of {reach.Factor:F2} a step on its way back. ")
                    + Invariant($"The loss is {e.Loss.Mean:G4}; guessing gives {e.Guessing:G4}."),
                Measures = new Dictionary<string, double> { ["steps"] = reach.Steps, ["of"] = reach.Length, ["factor a step"] = reach.Factor, ["loss"] = e.Loss.Mean },
            };
        }
    }
}
