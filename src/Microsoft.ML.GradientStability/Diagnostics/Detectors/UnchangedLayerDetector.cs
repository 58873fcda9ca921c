using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A layer whose parameters did not change at all while others did, at <see cref="Patience"/> full looks in a row whose learning rate was at least a
/// hundredth of the optimizer's. A warning, whether the rest of the network learns or not: such a layer is none.
/// </summary>
public sealed record UnchangedLayerDetector : Detector
{
    private readonly int _patience = 3;

    [JsonConstructor]
    internal UnchangedLayerDetector() { }

    /// <summary>Such looks in a row until the warning, at least 1. Default 3.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters => Invariant($"patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(UnchangedLayerDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience, onlyWarns: true);

        public override long LastSeen => _persistence.Last;

        public override Finding? Look(StepObservation step)
        {
            var e = context.Evidence;
            var still = Enumerable.Range(0, e.LayerStatistics.Count).Where(l => e.LayerStatistics[l].UpdateRatio == 0).ToArray();
            if (_persistence.Count(still.Length > 0 && still.Length < e.Layers.Length && e.LastFactor >= 0.01, step.Step) is not { } severity)
                return null;
            return new Finding(context.Explain(Symptom.PoorFit))
            {
                Kind = "Unchanged layer",
                Severity = severity,
                Layer = e.Layers[still[0]].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                FirstStep = _persistence.First,
                Evidence = Invariant($"{still.Length} of {e.Layers.Length} layers were the same after their last steps as before, to the last bit; the gradient's norm in this one is {step.LayerNorms[still[0]]:G3}."),
                Measures = new Dictionary<string, double> { ["unchanged layers"] = still.Length, ["layer norm"] = step.LayerNorms[still[0]], ["loss"] = step.Loss },
            };
        }
    }
}
