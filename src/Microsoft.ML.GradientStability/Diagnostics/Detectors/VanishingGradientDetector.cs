using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Gradients that die out on their way to the input: ‖g_first‖/‖g_last‖ below <see cref="MinDepthRatio"/> while ‖g_first‖ is below
/// <see cref="MinNorm"/> (AUTOTRAINER's rule), as long as the loss stays at or above guessing: a network that learns needs no more. A warning
/// after <see cref="Patience"/> such steps in a row, an error after four times as many.
/// </summary>
public sealed record VanishingGradientDetector : Detector
{
    private readonly double _minDepthRatio = 1e-3;
    private readonly double _minNorm = 1e-4;
    private readonly int _patience = 10;

    [JsonConstructor]
    internal VanishingGradientDetector() { }

    /// <summary>Smallest healthy ‖g_first‖/‖g_last‖, above 0. Default 1e-3 (AUTOTRAINER, Zhang et al., ICSE 2021).</summary>
    public double MinDepthRatio { get => _minDepthRatio; init => _minDepthRatio = Check.Positive(value, nameof(MinDepthRatio)); }

    /// <summary>Smallest healthy ‖g_first‖ at such a ratio, above 0. Default 1e-4 (AUTOTRAINER).</summary>
    public double MinNorm { get => _minNorm; init => _minNorm = Check.Positive(value, nameof(MinNorm)); }

    /// <summary>Bad steps in a row until the warning, at least 1. Default 10.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters => Invariant($"ratio {MinDepthRatio}, norm {MinNorm}, patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(VanishingGradientDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience, onlyWarns: false);

        public override long LastSeen => _persistence.Last;

        public override Finding? Inspect(StepObservation step)
        {
            if (!step.IsFinite)
                return null;

            var norms = step.DepthNorms;
            if (_persistence.Count(norms[0] < rule.MinNorm && IsVanished(norms[0], norms) && !context.Evidence.Learns, step.Step) is not { } severity)
                return null;

            var deepest = 0;
            while (deepest + 1 < norms.Length && IsVanished(norms[deepest + 1], norms))
                deepest++;
            var layers = context.Evidence.DeepLayers;
            var why = context.Explain(Symptom.Vanishing);
            return new Finding(why)
            {
                Kind = "Vanishing gradient",
                Severity = severity,
                Layer = layers[0].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                FirstStep = _persistence.First,
                Evidence = Invariant($"the gradient's norm is {norms[0]:G3} in {layers[0].Title} and {norms[^1]:G3} in {layers[^1].Title}")
                    + Invariant($", a factor of {DepthFactor.Of(norms):F2} a layer on its way to the input. ")
                    + Invariant($"{deepest + 1} of {norms.Length} layers get less than {rule.MinDepthRatio:G2} of the last one's gradient and stand still."),
                Measures = new Dictionary<string, double> { ["first norm"] = norms[0], ["last norm"] = norms[^1], ["factor a layer"] = DepthFactor.Of(norms), ["loss"] = step.Loss },
            };
        }

        private bool IsVanished(double norm, ReadOnlySpan<double> norms) => norm < rule.MinDepthRatio * norms[^1];
    }
}
