using Microsoft.CodeAnalysis;

namespace Microsoft.ML.GradientStability.Analyzers;

/// <summary>One error of <c>OptionConflicts</c> that can be seen in a program.</summary>
internal abstract class Rule
{
    /// <param name="id">Its number.</param>
    /// <param name="title">One line.</param>
    /// <param name="option">The option to change, as the error of a trainer names it.</param>
    /// <param name="reason">Of <see cref="ConflictReasons"/>.</param>
    protected Rule(string id, string title, string option, string reason) =>
        Descriptor = new(id, title, $"{option}: {reason}.", "Options", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public DiagnosticDescriptor Descriptor { get; }

    /// <summary>The conflict in what is written; <see langword="null"/> where there is none, or where constants alone do not show it.</summary>
    public abstract Diagnostic? Find(Written written);

    /// <summary>The conflict, at the value to change.</summary>
    protected Diagnostic At(IOperation value, params object[] arguments) => Diagnostic.Create(Descriptor, value.Syntax.GetLocation(), arguments);
}
