using Microsoft.CodeAnalysis;

namespace Microsoft.ML.GradientStability.Analyzers;

/// <summary>Alpha dropout with an activation of no parameters that is not SELU, or with that of <c>Network.FeedForward</c>.</summary>
internal sealed class AlphaWithoutSelu() : Rule("GS0002", "Alpha dropout without SELU", "AlphaDropout", ConflictReasons.AlphaWithoutSelu)
{
    public override Diagnostic? Find(Written written)
    {
        var activation = written.Value("Activation") is not null ? written.Named("Activation") : written.From("FeedForward") is not null ? "Relu" : null;
        return written.Value("AlphaDropout") is { } alpha && Written.Number(alpha) > 0 && activation is not (null or "Selu") ? At(alpha, activation) : null;
    }
}
