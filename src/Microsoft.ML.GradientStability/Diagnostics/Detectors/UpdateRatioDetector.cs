using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Steps that change the weights by more than <see cref="MaxRatio"/> of their size, or by less than <see cref="MinRatio"/>, at <see cref="Patience"/>
/// full looks in a row, while the loss is at or above guessing. A warning. The ratio is ‖Δw‖/‖w‖ of the whole network as the step was really
/// taken, behind clipping, schedule and regularizers.
/// </summary>
public sealed record UpdateRatioDetector : Detector
{
    private readonly double _maxRatio = 0.5;
    private readonly double _minRatio = 1e-7;
    private readonly int _patience = 3;

    [JsonConstructor]
    internal UpdateRatioDetector() { }

    /// <summary>Greatest healthy ratio, above 0. Default 0.5; 0.001 is usual (Karpathy, CS231n), SageMaker Debugger warns above 10.</summary>
    public double MaxRatio { get => _maxRatio; init => _maxRatio = Check.Positive(value, nameof(MaxRatio)); }

    /// <summary>Smallest healthy ratio, above 0. Default 1e-7, the precision of Single; SageMaker Debugger warns below 1e-8.</summary>
    public double MinRatio { get => _minRatio; init => _minRatio = Check.Positive(value, nameof(MinRatio)); }

    /// <summary>Such looks in a row until the warning, at least 1. Default 3.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters => Invariant($"{MinRatio} to {MaxRatio}, patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(UpdateRatioDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience, onlyWarns: true);

        public override long LastSeen => _persistence.Last;

        public override Finding? Look(StepObservation step)
        {
            var e = context.Evidence;
            var ratio = e.LastUpdateRatio;
            if (_persistence.Count((ratio > rule.MaxRatio || ratio < rule.MinRatio) && !e.Learns, step.Step) is not { } severity)
                return null;
            var large = ratio > rule.MaxRatio;
            return new Finding(context.Explain(large ? Symptom.Explosion : Symptom.PoorFit))
            {
                Kind = large ? "Steps too large" : "Steps too small",
                Severity = severity,
                Layer = "the whole network",
                Epoch = step.Epoch,
                Step = step.Step,
                FirstStep = _persistence.First,
                Evidence = Invariant($"a step changes the weights by {ratio:G3} of their size, where {(large ? $"up to {rule.MaxRatio:G3}" : $"at least {rule.MinRatio:G3}")} is healthy and 0.001 usual; the loss is {e.Loss.Mean:G4}, guessing gives {e.Guessing:G4}."),
                Measures = new Dictionary<string, double> { ["update ratio"] = ratio, ["loss"] = e.Loss.Mean, ["guessing"] = e.Guessing },
            };
        }
    }
}
