using Microsoft.CodeAnalysis;

namespace Microsoft.ML.GradientStability.Analyzers;

/// <summary>Batches of one row with batch normalization: that of the default network, or one that is named.</summary>
internal sealed class BatchOfOne() : Rule("GS0005", "Batch normalization of single rows", "BatchSize", ConflictReasons.BatchOfOne)
{
    public override Diagnostic? Find(Written written) => written.IsNew
        && written.Value("BatchSize") is { } rows && Written.Number(rows) == 1 && HasBatchNormalization(written) ? At(rows) : null;

    private static bool HasBatchNormalization(Written options) => options.Value("Network") is { } network
        ? Written.Of(network)?.Named("Normalization") == "Batch"
        // The autoencoder has another default.
        : options.Type.ContainingType?.Name != "DeepAutoencoderEstimator";
}
