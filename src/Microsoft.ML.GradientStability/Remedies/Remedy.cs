namespace Microsoft.ML.GradientStability;

/// <summary>
/// A change of the trainer's options that mends a <see cref="Finding"/>: which option, to which value, and why.
/// One sealed record a change.
/// </summary>
public abstract record Remedy
{
    private protected Remedy() { }

    /// <summary>The option as it is written in C#, such as <c>Clipping = GradientClipper.Norm(1)</c>.</summary>
    public abstract string Setting { get; }

    /// <summary>What the change does to the gradient, in one sentence.</summary>
    public abstract string Reason { get; }

    /// <summary>Makes the change.</summary>
    /// <param name="options">The options of a trainer; only the option named by <see cref="Setting"/> changes.</param>
    public void ApplyTo(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Apply(options);
    }

    private protected abstract void Apply(TrainingOptions options);

    /// <summary>Whether the change would alter these options.</summary>
    internal abstract bool Changes(TrainingOptions options);

    /// <summary>The setting and the reason.</summary>
    public sealed override string ToString() => $"{Setting}  ({Reason})";
}
