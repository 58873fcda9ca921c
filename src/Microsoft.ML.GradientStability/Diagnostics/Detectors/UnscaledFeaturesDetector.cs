using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Features that reach the first layer far from 0, in a scale far from 1, and a first loss more than <see cref="MaxLoss"/> times that of guessing
/// for it, or first activations that hardly differ from row to row. A warning, before the first step is taken. Standardized features never are.
/// </summary>
public sealed record UnscaledFeaturesDetector : Detector
{
    private readonly double _maxLoss = 3;

    [JsonConstructor]
    internal UnscaledFeaturesDetector() { }

    /// <summary>Greatest healthy first loss, in losses of guessing, above 0. Default 3.</summary>
    public double MaxLoss { get => _maxLoss; init => _maxLoss = Check.Positive(value, nameof(MaxLoss)); }

    private protected override string Parameters => Invariant($"loss {MaxLoss}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(UnscaledFeaturesDetector rule, TrainingContext context) : Watch
    {
        public override Finding? Inspect(StepObservation step)
        {
            var (e, data) = (context.Evidence, context.Evidence.Data);
            if (step.Step != 1 || !((data.IsLarge || data.IsOffset) && !(step.Loss <= rule.MaxLoss * e.Guessing) || data.IsSmall))
                return null;
            return new Finding(context.Explain(Symptom.Explosion))
            {
                Kind = "Unscaled features",
                Severity = Severity.Warning,
                Layer = e.DeepLayers[0].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                Evidence = Invariant($"features reach {data.Greatest:G4}, vary by {data.Spread:G3} in the middle, and their mean is {data.OffsetRatio:G3} times that; the first loss is {step.Loss:G4}, guessing gives {e.Guessing:G4}."),
                Measures = new Dictionary<string, double> { ["greatest feature"] = data.Greatest, ["spread"] = data.Spread, ["offset"] = data.OffsetRatio, ["loss"] = step.Loss },
            };
        }
    }
}
