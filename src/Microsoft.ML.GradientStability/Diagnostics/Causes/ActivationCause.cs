using static System.FormattableString;

namespace Microsoft.ML.GradientStability;

/// <summary>A function whose slope takes the gradient away whatever the weights are.</summary>
internal sealed class ActivationCause : Cause
{
    public override double Score(FitEvidence e, Symptom symptom)
    {
        if (symptom is not (Symptom.Vanishing or Symptom.PoorFit) || e.Network.Normalization is BatchNormalization || e.Network.Residual is not null
            || e.Network.Activation is not { } activation)
            return 0;
        // A loss of a factor of 30 over the whole depth slows the first layers down, and no more.
        var lost = -e.Depth * Math.Log(activation.OwnFactor) - Math.Log(30);
        return e.LayerFactor < 0.9 ? Saturating(lost / 2, 0.96) : 0;
    }

    public override string Tell(FitEvidence e) =>
        Invariant($"the activation: {e.Network.Activation}{(e.Network.Activation!.Saturates ? " saturates, and" : "")} takes a gradient down to about {e.Network.Activation.OwnFactor:F2} of itself in every layer, whatever the weights are; over {e.Depth} hidden layers that is {Math.Pow(e.Network.Activation.OwnFactor, e.Depth):G2}.");

    public override IEnumerable<Remedy> Remedies(FitEvidence e) => [new UseReluActivation(), new UseHeInitializer(), new UseLayerNormalization(), new UseResidualConnections()];
}
