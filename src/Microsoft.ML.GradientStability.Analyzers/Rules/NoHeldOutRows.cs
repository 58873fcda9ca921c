using Microsoft.CodeAnalysis;

namespace Microsoft.ML.GradientStability.Analyzers;

/// <summary>Early stopping in options that hold no rows out.</summary>
internal sealed class NoHeldOutRows() : Rule("GS0004", "Early stopping without held-out rows", "EarlyStopping", ConflictReasons.NoHeldOutRows)
{
    public override Diagnostic? Find(Written written) => written.IsNew
        && written.Value("EarlyStopping") is { } stopping && Written.Of(stopping)?.From("After") is not null
        && (written.Value("ValidationFraction") is null || written.Number("ValidationFraction") == 0)
        && written.Value("ValidationSet") is null ? At(stopping) : null;
}
