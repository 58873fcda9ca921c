using System.Text.Json.Serialization;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What is done about a <see cref="Finding"/>. One sealed record a policy; the static members name them.
/// Under any of them a NaN or infinite gradient never reaches a weight.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(StopPolicy), "Stop")]
[JsonDerivedType(typeof(WarnPolicy), "Warn")]
public abstract record StabilityPolicy
{
    private protected StabilityPolicy() { }

    /// <summary>
    /// Reports every finding, and ends training with a <see cref="GradientStabilityException"/> at the first
    /// <see cref="Severity.Error"/>.
    /// </summary>
    public static StopPolicy Stop { get; } = new();

    /// <summary>Reports every finding and goes on; steps with NaN or infinite gradients are skipped.</summary>
    public static WarnPolicy Warn { get; } = new();

    /// <summary>Whether training ends here.</summary>
    internal abstract bool Ends(Finding finding);

    /// <summary>The policy's name.</summary>
    public sealed override string ToString() => GetType().Name.Replace("Policy", "");
}
