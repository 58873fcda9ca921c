using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Gradients that grow out of range: the norm of the whole gradient exceeds <see cref="MaxNorm"/>, or grows by more than
/// <see cref="MaxGrowth"/> over its running mean, or that of the first layer exceeds that of the last by <see cref="MaxDepthRatio"/>.
/// Such a step counts only while the loss is at or above guessing and does not fall: large gradients alone harm nothing. A warning after
/// <see cref="Patience"/> such steps in a row, an error after four times as many, unless clipping bounds every step.
/// A limit that follows the gradients themselves, as that of <see cref="AutoClipper"/>, is no such bound.
/// </summary>
public sealed record ExplodingGradientDetector : Detector
{
    /// <summary>Below this norm neither growth nor depth ratio counts: such a gradient harms no weight.</summary>
    private const double HarmlessNorm = 10;

    private readonly double _maxNorm = 1000;
    private readonly double _maxGrowth = 100;
    private readonly double _maxDepthRatio = 70;
    private readonly int _patience = 5;

    [JsonConstructor]
    internal ExplodingGradientDetector() { }

    /// <summary>
    /// Greatest healthy L2 norm of the whole gradient, above 0. Default 1000, the size at which AUTOTRAINER takes a loss for NaN.
    /// </summary>
    public double MaxNorm { get => _maxNorm; init => _maxNorm = Check.Positive(value, nameof(MaxNorm)); }

    /// <summary>Greatest healthy factor over the running mean (geometric, weight 0.1 for the newest step), above 0. Default 100.</summary>
    public double MaxGrowth { get => _maxGrowth; init => _maxGrowth = Check.Positive(value, nameof(MaxGrowth)); }

    /// <summary>Greatest healthy ‖g_first‖/‖g_last‖, above 0. Default 70 (AUTOTRAINER, Zhang et al., ICSE 2021).</summary>
    public double MaxDepthRatio { get => _maxDepthRatio; init => _maxDepthRatio = Check.Positive(value, nameof(MaxDepthRatio)); }

    /// <summary>Bad steps in a row until the warning, at least 1. Default 5, SageMaker Debugger's patience.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters =>
        Invariant($"norm {MaxNorm}, growth {MaxGrowth}, ratio {MaxDepthRatio}, patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(ExplodingGradientDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience, context.Options.Clipping.BoundsSteps);
        private double _meanLog = double.NaN;

        public override long LastSeen => _persistence.Last;

        public override Finding? Inspect(StepObservation step)
        {
            if (!step.IsFinite)
                return null;

            var norms = step.LayerNorms;
            var first = step.DepthNorms[0];
            var usual = double.IsNaN(_meanLog) ? double.PositiveInfinity : Math.Exp(_meanLog);
            var log = Math.Log(Math.Max(step.Norm, double.Epsilon));
            _meanLog = double.IsNaN(_meanLog) ? log : 0.9 * _meanLog + 0.1 * log;

            var large = step.Norm > rule.MaxNorm;
            var grown = step.Norm > HarmlessNorm && step.Norm > rule.MaxGrowth * usual;
            var deep = first > HarmlessNorm && first > rule.MaxDepthRatio * norms[^1];
            if (_persistence.Count((large || grown || deep) && !context.Evidence.Learns && !context.Evidence.Falls, step.Step) is not { } severity)
                return null;

            var worst = 0;
            for (var l = 1; l < norms.Length; l++)
                if (norms[l] > norms[worst])
                    worst = l;
            var reason =
                large ? Invariant($"healthy is up to {rule.MaxNorm:G4}")
                : grown ? Invariant($"{step.Norm / usual:G3} times its running mean, where up to {rule.MaxGrowth:G4} is healthy")
                : Invariant($"the first layer's is {first / norms[^1]:G3} times the last one's, where up to {rule.MaxDepthRatio:G4} is healthy");
            var why = context.Explain(Symptom.Explosion);
            return new Finding(why)
            {
                Kind = "Exploding gradient",
                Severity = severity,
                Layer = context.Parameters.Layers[worst].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                FirstStep = _persistence.First,
                Evidence = Invariant($"the gradient's norm is {step.Norm:G4}, {norms[worst]:G4} of it in this layer; {reason}. ")
                    + Invariant($"The loss is {step.Loss:G4}; guessing gives {context.Objective.LossOfGuessing:G3}."),
                Measures = new Dictionary<string, double> { ["norm"] = step.Norm, ["layer norm"] = norms[worst], ["loss"] = step.Loss, ["guessing"] = context.Objective.LossOfGuessing },
            };
        }
    }
}
