using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// NaN or infinity in the loss or in any gradient (SageMaker Debugger's and AUTOTRAINER's sign of an explosion). Always an error:
/// such a gradient is never used for a step.
/// </summary>
public sealed record NonFiniteGradientDetector : Detector
{
    [JsonConstructor]
    internal NonFiniteGradientDetector() { }

    internal override Watch Start(TrainingContext context) => new State(context);

    private sealed class State(TrainingContext context) : Watch
    {
        private double _lastNorm = double.NaN;
        private bool _reported;

        public override Finding? Inspect(StepObservation step)
        {
            if (step.IsFinite)
            {
                _lastNorm = step.Norm;
                _reported = false;
                return null;
            }
            if (_reported)
                return null;
            _reported = true;

            var layer = LastNonFinite(step.LayerNorms);
            var gradients = context.Parameters.GradientsOf(context.Parameters.Layers[layer]);
            var bad = (int)Math.Round(ValueShares.Of(gradients).NonFinite * gradients.Length);
            var why = context.Explain(Symptom.Explosion);
            return new Finding(why)
            {
                Kind = double.IsFinite(step.Loss) || double.IsFinite(_lastNorm) ? "Non-finite gradient" : "Non-finite loss",
                Severity = Severity.Error,
                Layer = context.Parameters.Layers[layer].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                Evidence = Invariant($"{bad} of {gradients.Length} gradients of the layer are NaN or infinite, the loss is {step.Loss:G4}")
                    + (double.IsNaN(_lastNorm) ? ", at the first step." : Invariant($"; the step before, the gradient's norm was {_lastNorm:G4}.")),
                Measures = new Dictionary<string, double> { ["non-finite values"] = bad, ["loss"] = step.Loss, ["norm before"] = _lastNorm },
            };
        }

        /// <summary>Backward runs from the output to the input: the last layer in network order is where it began.</summary>
        private static int LastNonFinite(ReadOnlySpan<double> norms)
        {
            for (var l = norms.Length - 1; l >= 0; l--)
                if (!double.IsFinite(norms[l]))
                    return l;
            return norms.Length - 1;
        }
    }
}
