using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>Weights that started too large, too small, or all alike.</summary>
internal sealed class InitialWeightsCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom)
    {
        if (symptom is Symptom.Overfit or Symptom.MissedClass)
            return 0;
        if (e.UnitsAreAlike || e.Options.Initializer is ConstantInitializer)
            return 0.98;
        if (e.LayerFactor is not { } factor || e.Network.Activation is not { } activation)
            return 0;
        if (!double.IsFinite(factor) || factor == 0)
            return 0.97;
        if (e.Network.Normalization is not NoNormalization && symptom is not Symptom.Explosion)
            return 0;
        // Shortcuts carry what small weights do not; what they add up to is another cause.
        var logs = Math.Log(factor);
        if (e.Network.Residual is not null)
            logs = Math.Max(0, logs - Math.Log(1.5));
        // What the activation does by itself is not the weights' fault.
        var own = Math.Min(0, Math.Log(activation.OwnFactor));
        var excess = logs < 0 ? Math.Max(0, own - logs - 0.08) : Math.Max(0, logs - 0.08);
        // A factor of 10 over the whole depth is made up for by the first steps.
        return Saturating((e.Depth * excess - Math.Log(10)) / 1.5, 0.94);
    }

    public override string Tell(FitEvidence e) =>
        e.UnitsAreAlike || e.Options.Initializer is ConstantInitializer ? $"the initial weights ({e.Options.Initializer}): all units of a layer start alike, get the same gradient and stay alike, so that a layer does the work of one unit."
        : e.LayerFactor is { } factor && double.IsFinite(factor) && factor > 0 ? $"the initial weights ({e.Options.Initializer}) with {e.Network.Activation} "
            + Invariant($"scale a gradient by about {factor:F2} in every layer it passes; over {e.Depth} hidden layers that is {Math.Pow(factor, e.Depth):G2}.")
        : $"the initial weights ({e.Options.Initializer}) are so large or so small that single precision cannot compute with them.";

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [FitInitializer(e.Network.Activation), new UseLayerNormalization(), new UseNormClipping(), new UseResidualConnections()];

    /// <summary>The weights that suit the activation: isometric ones where it passes small signals on and cannot let them grow.</summary>
    internal static Remedy FitInitializer(Activation? activation) =>
        activation is { Saturates: true } && activation.Value(0) == 0 ? new UseOrthogonalInitializer() : new UseHeInitializer();
}
