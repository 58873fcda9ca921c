using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A fit that ended where it should not: what is left of the loss between that of certainty and that of guessing is above <see cref="Nothing"/>, or
/// it is above <see cref="Little"/> and one cause explains it beyond doubt. A warning, after the last step.
/// </summary>
public sealed record PoorFitDetector : Detector
{
    private readonly double _nothing = 0.97;
    private readonly double _little = 0.15;

    [JsonConstructor]
    internal PoorFitDetector() { }

    /// <summary>The share of the loss that is left from which nothing was learnt, in [0, 1]. Default 0.97: what no fit that learns ends at.</summary>
    public double Nothing { get => _nothing; init => _nothing = Check.InRange(value, 0, 1, nameof(Nothing)); }

    /// <summary>The share of the loss that is left from which a cause without doubt is told, in [0, 1]. Default 0.15.</summary>
    public double Little { get => _little; init => _little = Check.InRange(value, 0, 1, nameof(Little)); }

    private protected override string Parameters => Invariant($"nothing {Nothing}, little {Little}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(PoorFitDetector rule, TrainingContext context) : Watch
    {
        /// <summary>Confidence from which a cause is beyond doubt, far from guessing and near it.</summary>
        private const double BeyondDoubt = 0.91;
        private const double Likely = 0.8;

        /// <summary>Held-out rows below which their loss is chance.</summary>
        private const long MinRows = 30;

        public override Finding? Ended(int epoch)
        {
            var e = context.Evidence;
            var end = e.End!;
            var left = (end.Loss - e.Objective.LeastLoss) / (e.Guessing - e.Objective.LeastLoss);
            var why = context.Explain(Symptom.PoorFit);
            var heldOut = end is { LeastHeldOutLoss: { } least, HeldOutRows: >= MinRows } ? (least - e.Objective.LeastLoss) / (e.Guessing - e.Objective.LeastLoss) : 0;
            var nothing = !(left < rule.Nothing && heldOut < rule.Nothing);
            if (!nothing && !(left > rule.Little && why.Confidence >= (left > 0.5 ? Likely : BeyondDoubt)))
                return null;
            return new Finding(why)
            {
                Kind = nothing ? why.Name == "Labels" ? "Nothing to learn" : "Nothing learnt" : "Poor fit",
                Severity = Severity.Warning,
                Layer = "the whole network",
                Epoch = epoch,
                Step = e.Step,
                Evidence = Invariant($"after {e.Taken} steps the loss of the training rows is {end.Loss:G4}; guessing gives {e.Guessing:G4}, certainty {e.Objective.LeastLoss:G3}. ")
                    + (end.LeastHeldOutLoss is { } others ? Invariant($"That of the held-out rows was {others:G4} at best. ") : "")
                    + Invariant($"A step changed the weights by {e.UpdateRatio:G2} of their size."),
                Measures = new Dictionary<string, double> { ["loss"] = end.Loss, ["guessing"] = e.Guessing, ["least loss"] = e.Objective.LeastLoss, ["update ratio"] = e.UpdateRatio, ["steps"] = e.Taken },
            };
        }
    }
}
