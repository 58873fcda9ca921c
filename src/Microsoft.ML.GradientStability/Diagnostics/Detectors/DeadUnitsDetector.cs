using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A hidden layer of which more than <see cref="MaxShare"/> of the units give the same for every row of a batch, at <see cref="Patience"/> full
/// looks in a row, while the loss is at or above guessing: no gradient passes them. A warning.
/// </summary>
public sealed record DeadUnitsDetector : Detector
{
    private readonly double _maxShare = 0.9;
    private readonly int _patience = 2;

    [JsonConstructor]
    internal DeadUnitsDetector() { }

    /// <summary>
    /// Greatest healthy share, in [0, 1]. Default 0.9: networks that learn well reach the half at which SageMaker Debugger warns.
    /// </summary>
    public double MaxShare { get => _maxShare; init => _maxShare = Check.InRange(value, 0, 1, nameof(MaxShare)); }

    /// <summary>Such looks in a row until the warning, at least 1. Default 2.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters => Invariant($"share {MaxShare}, patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(DeadUnitsDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience, onlyWarns: true);

        public override long LastSeen => _persistence.Last;

        public override Finding? Look(StepObservation step)
        {
            var e = context.Evidence;
            var worst = Persistence.Worst(e.Activations, activations => activations.Dead);
            if (_persistence.Count(worst >= 0 && e.Activations[worst].Dead > rule.MaxShare && !e.Learns, step.Step) is not { } severity)
                return null;
            var (layer, units) = (e.DeepLayers[worst], e.DeadUnits(worst));
            return new Finding(context.Explain(Symptom.Vanishing))
            {
                Kind = "Dead units",
                Severity = severity,
                Layer = layer.Title,
                Units = units,
                Epoch = step.Epoch,
                Step = step.Step,
                FirstStep = _persistence.First,
                Evidence = Invariant($"{units.Length} units, {e.Activations[worst].Dead:P0} of the layer, give the same for every row of the batch, and pass no gradient on; at the first step it was {e.FirstActivations[worst].Dead:P0}."),
                Measures = new Dictionary<string, double> { ["dead share"] = e.Activations[worst].Dead, ["dead share at first"] = e.FirstActivations[worst].Dead, ["loss"] = step.Loss },
            };
        }
    }
}
