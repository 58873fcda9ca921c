namespace Microsoft.ML.GradientStability;

/// <summary>Training was ended because its gradients could not lead anywhere; the message is the explanation.</summary>
public sealed class GradientStabilityException : InvalidOperationException
{
    internal GradientStabilityException(string introduction, IReadOnlyList<Finding> findings)
        : base(findings.Count == 0 ? introduction : introduction + Environment.NewLine + findings[^1]) => Findings = findings;

    /// <summary>All findings of the fit in the order they were made; the last one ended it.</summary>
    public IReadOnlyList<Finding> Findings { get; }
}
