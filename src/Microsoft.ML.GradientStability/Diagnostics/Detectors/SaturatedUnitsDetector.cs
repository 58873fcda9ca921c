using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A hidden layer of which more than <see cref="MaxShare"/> of the values lie at the bounds of its activation, where the slope is next to 0, at
/// <see cref="Patience"/> full looks in a row, while the loss is at or above guessing. A warning. Only activations that are bounded on both sides.
/// </summary>
public sealed record SaturatedUnitsDetector : Detector
{
    private readonly double _maxShare = 0.5;
    private readonly int _patience = 2;

    [JsonConstructor]
    internal SaturatedUnitsDetector() { }

    /// <summary>Greatest healthy share, in [0, 1]. Default 0.5 (SageMaker Debugger).</summary>
    public double MaxShare { get => _maxShare; init => _maxShare = Check.InRange(value, 0, 1, nameof(MaxShare)); }

    /// <summary>Such looks in a row until the warning, at least 1. Default 2.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters => Invariant($"share {MaxShare}, patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(SaturatedUnitsDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience, onlyWarns: true);

        public override long LastSeen => _persistence.Last;

        public override Finding? Look(StepObservation step)
        {
            var e = context.Evidence;
            var worst = Persistence.Worst(e.Activations, activations => activations.Saturated);
            if (_persistence.Count(worst >= 0 && e.Activations[worst].Saturated > rule.MaxShare && !e.Learns, step.Step) is not { } severity)
                return null;
            var (now, first) = (e.Activations[worst].Saturated, e.FirstActivations[worst].Saturated);
            return new Finding(context.Explain(Symptom.Vanishing))
            {
                Kind = "Saturated units",
                Severity = severity,
                Layer = e.DeepLayers[worst].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                FirstStep = _persistence.First,
                Evidence = Invariant($"{now:P0} of the values of the layer lie at the bounds of {e.Network.Activation}, where a gradient hardly passes; at the first step it was {first:P0}."),
                Measures = new Dictionary<string, double> { ["saturated share"] = now, ["saturated share at first"] = first, ["loss"] = step.Loss },
            };
        }
    }
}
