using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Gradients that die out on their way to the input: ‖g_first‖/‖g_last‖ below <see cref="MinDepthRatio"/> while ‖g_first‖ is below
/// <see cref="MinNorm"/> (AUTOTRAINER's rule). An error after <see cref="Patience"/> such steps in a row; a warning before. The first
/// step of an output layer that starts at 0 does not count.
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

    /// <summary>Bad steps in a row until the warning becomes an error, at least 1. Default 10.</summary>
    public int Patience { get => _patience; init => _patience = Check.AtLeast(value, 1, nameof(Patience)); }

    private protected override string Parameters => Invariant($"ratio {MinDepthRatio}, norm {MinNorm}, patience {Patience}");

    internal override Watch Start(TrainingContext context) => new State(this, context);

    private sealed class State(VanishingGradientDetector rule, TrainingContext context) : Watch
    {
        private Persistence _persistence = new(rule.Patience);

        public override Finding? Inspect(StepObservation step)
        {
            if (!step.IsFinite)
                return null;

            var norms = step.LayerNorms;
            // An output layer that starts at 0, as Fixup's does, passes nothing back until its first step.
            if (step.Step == 1 && norms[^2] == 0)
                return null;
            if (_persistence.Count(norms[0] < rule.MinNorm && IsVanished(norms[0], norms)) is not { } severity)
                return null;

            var deepest = 0;
            while (deepest + 1 < norms.Length && IsVanished(norms[deepest + 1], norms))
                deepest++;
            var layers = context.Parameters.Layers;
            return new Finding
            {
                Kind = "Vanishing gradient",
                Severity = severity,
                Layer = layers[0].Title,
                Epoch = step.Epoch,
                Step = step.Step,
                Evidence = Invariant($"the gradient's norm is {norms[0]:G3} in {layers[0].Title} and {norms[^1]:G3} in {layers[^1].Title}")
                    + Invariant($", a factor of {DepthFactor(norms):F2} a layer on its way to the input. ")
                    + Invariant($"{deepest + 1} of {norms.Length} layers get less than {rule.MinDepthRatio:G2} of the last one's gradient and stand still."),
                Cause = context.Causes.OfVanishing(),
                Remedies = context.Causes.RemediesOfVanishing(),
            };
        }

        private bool IsVanished(double norm, ReadOnlySpan<double> norms) => norm < rule.MinDepthRatio * norms[^1];
    }

    /// <summary>
    /// e^−b, where b is the slope of log ‖g_l‖ over the depth l by least squares: the factor a layer puts on the gradient that passes
    /// back through it. 1 is healthy; below, gradients vanish.
    /// </summary>
    internal static double DepthFactor(ReadOnlySpan<double> norms)
    {
        var middle = (norms.Length - 1) / 2.0;
        double covariance = 0, variance = 0;
        for (var l = 0; l < norms.Length; l++)
        {
            covariance += (l - middle) * Math.Log(Math.Max(norms[l], float.Epsilon));
            variance += (l - middle) * (l - middle);
        }
        return Math.Exp(-covariance / variance);
    }
}
