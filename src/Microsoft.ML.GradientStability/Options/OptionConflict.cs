namespace Microsoft.ML.GradientStability;

/// <summary>Options that work against each other, and why.</summary>
/// <param name="Severity">
/// <see cref="Severity.Error"/> where no trainer takes them, <see cref="Severity.Warning"/> where the log says so when training begins.
/// </param>
/// <param name="Option">The option to change.</param>
/// <param name="Reason">What is wrong with its value beside the others, and what to set instead.</param>
public readonly record struct OptionConflict(Severity Severity, string Option, string Reason)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Option}: {Reason}.";
}
