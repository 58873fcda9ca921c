namespace Microsoft.ML.GradientStability;

/// <summary>What networks over sequences have in common in their options.</summary>
internal static class SequenceOptions
{
    public static IEnumerable<(string Option, string Reason)> Objections(Normalization normalization)
    {
        if (normalization is not (NoNormalization or LayerNormalization or RmsNormalization))
            yield return (nameof(RecurrentNetwork.Normalization),
                $"every step of a sequence is normalized by itself, and {normalization} looks beyond it; take Normalization.Layer, Rms or None");
    }
}
