using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Features or targets that no network can learn from as they are: a few rows lie so far out that they hide the rest. A warning, before the
/// first step is taken. Features that never change are refused before.
/// </summary>
public sealed record UnusableDataDetector : Detector
{
    [JsonConstructor]
    internal UnusableDataDetector() { }

    internal override Watch Start(TrainingContext context) => new State(context);

    private sealed class State(TrainingContext context) : Watch
    {
        public override Finding? Inspect(StepObservation step)
        {
            var data = context.Evidence.Data;
            var kind = data.HasOutliers ? "Outlier rows" : data.HasTargetOutliers ? "Outlier targets" : null;
            if (step.Step != 1 || kind is null)
                return null;
            var why = context.Explain(Symptom.PoorFit);
            return new Finding(why)
            {
                Kind = kind,
                Severity = Severity.Warning,
                Layer = context.Evidence.DeepLayers[0].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                Evidence = Invariant($"a few rows make the spread of features {data.Inflation:G3} times, of targets {data.TargetInflation:G3} times that of the others."),
                Measures = new Dictionary<string, double> { ["inflation"] = data.Inflation, ["target inflation"] = data.TargetInflation },
            };
        }
    }
}
