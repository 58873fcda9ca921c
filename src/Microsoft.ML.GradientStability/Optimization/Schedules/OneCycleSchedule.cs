using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The 1cycle policy (Smith and Topin 2018, "Super-convergence"; PyTorch's OneCycleLR with cosine annealing): along half a cosine from
/// factor 1/d at the first of T steps to 1 at step p·T − 1, and along another down to 1/(d·f) at the last. The optimizer's rate is the
/// greatest. Its momentum stays as it is; PyTorch cycles it the other way round unless told not to.
/// </summary>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    private readonly double _pctStart = 0.3;
    private readonly double _divFactor = 25;
    private readonly double _finalDivFactor = 1e4;

    [JsonConstructor]
    internal OneCycleSchedule() { }

    /// <summary>p, share of the steps in which the rate rises, in [0, 1]. Default 0.3.</summary>
    public double PctStart { get => _pctStart; init => _pctStart = Check.InRange(value, 0, 1, nameof(PctStart)); }

    /// <summary>d, the optimizer's rate over the first, at least 1. Default 25.</summary>
    public double DivFactor { get => _divFactor; init => _divFactor = Check.AtLeast(value, 1.0, nameof(DivFactor)); }

    /// <summary>f, the first rate over the last, at least 1. Default 10⁴.</summary>
    public double FinalDivFactor { get => _finalDivFactor; init => _finalDivFactor = Check.AtLeast(value, 1.0, nameof(FinalDivFactor)); }

    private protected override string Name => Invariant($"OneCycle({PctStart}, from 1/{DivFactor}, to 1/{FinalDivFactor} of that)");

    private protected override Course After(Span span) =>
        new Cycle(PctStart * span.Steps - 1, span.Steps - 1, 1 / DivFactor, 1 / DivFactor / FinalDivFactor);

    private sealed class Cycle(double top, double end, double first, double last) : Course
    {
        public override double Factor(long step) =>
            step == top ? 1 : step < top ? Anneal(first, 1, step, top) : Anneal(1, last, Math.Min(step, end) - top, end - top);
    }
}
