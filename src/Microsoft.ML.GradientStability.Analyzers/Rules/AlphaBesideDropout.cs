using Microsoft.CodeAnalysis;

namespace Microsoft.ML.GradientStability.Analyzers;

/// <summary>Two dropouts in one network.</summary>
internal sealed class AlphaBesideDropout() : Rule("GS0001", "Alpha dropout beside dropout", "AlphaDropout", ConflictReasons.AlphaBesideDropout)
{
    public override Diagnostic? Find(Written written) =>
        written.Value("AlphaDropout") is { } alpha && Written.Number(alpha) > 0 && written.Number("Dropout") > 0 ? At(alpha) : null;
}
