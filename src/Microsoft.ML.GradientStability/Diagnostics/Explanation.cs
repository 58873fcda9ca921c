namespace Microsoft.ML.GradientStability;

/// <summary>Why something is seen: the cause that the evidence supports best, and what mends it.</summary>
/// <param name="Cause">In one sentence.</param>
/// <param name="Name">What is to blame, such as <c>LearningRate</c>; <c>Unknown</c> where nothing fits.</param>
/// <param name="Confidence">In [0, 1].</param>
/// <param name="Remedies">The most effective first.</param>
internal sealed record Explanation(string Cause, string Name, double Confidence, IReadOnlyList<Remedy> Remedies)
{
    /// <summary>Below this confidence no cause is named.</summary>
    private const double Doubtful = 0.2;

    public static Explanation Of(FitEvidence evidence, Symptom symptom)
    {
        var (best, confidence) = Heaviest(evidence, symptom);
        return confidence < Doubtful
            ? new Explanation("none of the known causes fits what was seen; no option is known to mend it.", "Unknown", confidence, [])
            : new Explanation(best.Tell(evidence), best.Name, confidence, [.. best.Remedies(evidence).Where(remedy => remedy.Changes(evidence.Options))]);
    }

    private static (Cause Cause, double Confidence) Heaviest(FitEvidence evidence, Symptom symptom) =>
        GradientStability.Cause.All.Select(cause => (cause, cause.Score(evidence, symptom))).MaxBy(scored => scored.Item2);
}
