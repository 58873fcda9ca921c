namespace Microsoft.ML.GradientStability;

/// <summary>What is seen, before it is asked why.</summary>
internal enum Symptom
{
    /// <summary>A gradient, or a loss, that grows out of range or is not finite.</summary>
    Explosion,

    /// <summary>A gradient that does not reach the first layers.</summary>
    Vanishing,

    /// <summary>A fit that ended no better than guessing, or far from what it could reach.</summary>
    PoorFit,

    /// <summary>Rows that trained are scored well, others are not.</summary>
    Overfit,

    /// <summary>Classes that are never told.</summary>
    MissedClass,
}
