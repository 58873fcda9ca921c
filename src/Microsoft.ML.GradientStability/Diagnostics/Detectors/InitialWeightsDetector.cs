using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A network that starts so that a gradient changes by more than a factor of <see cref="MaxFactor"/> on its way through the hidden layers, up or down:
/// by mean-field theory of its weights, and measured at the first step at the gradients or at the activations. A warning, before that step is taken.
/// </summary>
public sealed record InitialWeightsDetector : Detector
{
    private readonly double _maxFactor = 1e6;

    [JsonConstructor]
    internal InitialWeightsDetector() { }

    /// <summary>Greatest factor over all hidden layers that a fit may make up for, above 1. Default 10⁶.</summary>
    public double MaxFactor
    {
        get => _maxFactor;
        init
        {
            Check.That(Check.Positive(value, nameof(MaxFactor)) > 1, nameof(MaxFactor), value, "it must be above 1");
            _maxFactor = value;
        }
    }

    private protected override string Parameters => Invariant($"factor {MaxFactor}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(InitialWeightsDetector rule, TrainingContext context) : Watch
    {
        public override Finding? Inspect(StepObservation step)
        {
            if (step.Step != 1 || !step.IsFinite)
                return null;
            var e = context.Evidence;
            // Branches that start at 0 are a way to start well.
            if (e.LayerFactor is not { } factor || e is { LayerFactor: 0, Network.Residual: not null })
                return null;
            // Where signals grow forward as gradients do backward, the gradients of the weights are alike in all layers.
            var (theory, back, forth) = (e.Depth * Math.Log(factor), e.Depth * Math.Log(e.FirstDepthFactor), Math.Log(Growth(e.FirstActivations)));
            var (limit, grows) = (Math.Log(rule.MaxFactor), theory > 0);
            if (!(grows ? theory > limit && Math.Max(back, forth) > limit : theory < -limit && Math.Min(back, forth) < -limit))
                return null;
            var why = context.Explain(grows ? Symptom.Explosion : Symptom.Vanishing);
            return new Finding(why)
            {
                Kind = why.Name == "InitialWeights" ? grows ? "Initial weights too large" : "Initial weights too small"
                    : grows ? "Exploding gradient" : "Vanishing gradient",
                Severity = Severity.Warning,
                Layer = e.DeepLayers[0].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                Evidence = Invariant($"at the first step the signal changes by a factor of {Math.Exp(forth):G2} from the first hidden layer to the last of {e.Depth}, the gradient by {Math.Exp(back):G2} on its way back; up to {rule.MaxFactor:G2} up or down is healthy."),
                Measures = new Dictionary<string, double> { ["signal"] = Math.Exp(forth), ["gradient"] = Math.Exp(back), ["factor a layer, theory"] = factor, ["hidden layers"] = e.Depth },
            };
        }

        /// <summary>Spread of the last hidden layer over that of the first; 1 of none.</summary>
        private static double Growth(ActivationStatistics[] layers) =>
            layers.Length == 0 ? 1 : Math.Max(layers[^1].Spread, float.Epsilon) / Math.Max(layers[0].Spread, float.Epsilon);
    }
}
