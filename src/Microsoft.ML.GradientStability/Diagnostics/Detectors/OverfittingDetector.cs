using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Rows that trained are scored far better than rows that were held out: by more than <see cref="MaxGap"/> in accuracy, or in the share of the
/// loss of guessing where there are no classes and training rows are scored better than by guessing. A warning, after the last step.
/// </summary>
public sealed record OverfittingDetector : Detector
{
    private readonly double _maxGap = 0.3;

    [JsonConstructor]
    internal OverfittingDetector() { }

    /// <summary>Greatest healthy gap, in [0, 1]. Default 0.3, beyond which no healthy fit of 178 that were measured lay.</summary>
    public double MaxGap { get => _maxGap; init => _maxGap = Check.InRange(value, 0, 1, nameof(MaxGap)); }

    private protected override string Parameters => Invariant($"gap {MaxGap}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(OverfittingDetector rule, TrainingContext context) : Watch
    {
        public override Finding? Ended(int epoch)
        {
            var e = context.Evidence;
            var end = e.End!;
            if (end.HeldOutLoss is not { } heldOut)
                return null;
            var gap = end.Accuracy is { } accuracy ? accuracy - end.HeldOutAccuracy!.Value : end.Loss < e.Guessing ? (heldOut - end.Loss) / e.Guessing : 0;
            if (!(gap > rule.MaxGap))
                return null;
            var why = context.Explain(Symptom.Overfit);
            return new Finding(why)
            {
                Kind = why.Name == "Labels" ? "Nothing to learn" : "Overfitting",
                Severity = Severity.Warning,
                Layer = "the whole network",
                Epoch = epoch,
                Step = e.Step,
                Evidence = Invariant($"the loss is {end.Loss:G3} on the training rows and {heldOut:G3} on {end.HeldOutRows} held-out ones, where guessing gives {e.Guessing:G3}")
                    + (end.Accuracy is { } right ? Invariant($"; the accuracy {right:P0} and {end.HeldOutAccuracy:P0}.") : "."),
                Measures = new Dictionary<string, double> { ["loss"] = end.Loss, ["held-out loss"] = heldOut, ["guessing"] = e.Guessing, ["gap"] = gap },
            };
        }
    }
}
