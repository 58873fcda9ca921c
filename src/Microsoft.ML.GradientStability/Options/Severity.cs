namespace Microsoft.ML.GradientStability;

/// <summary>How bad a <see cref="Finding"/> is.</summary>
public enum Severity
{
    /// <summary>Worth a look; training can succeed as it is.</summary>
    Warning,

    /// <summary>Training cannot succeed as it is; <see cref="StabilityPolicy.Stop"/> ends it.</summary>
    Error,
}
