using Microsoft.ML.GradientStability;

namespace Microsoft.ML;

/// <summary>ONNX export of deep networks in a pipeline.</summary>
public static class DeepNetworkOnnxExtensions
{
    /// <summary>
    /// Writes the deep network of a fitted pipeline as an ONNX file (opset 17, any batch size). Input: the feature column, batch ×
    /// features. Outputs: of several classes <c>Score</c>, the probability of each, batch × classes, and <c>PredictedLabel</c>, the index
    /// of the likeliest from 0, batch × 1, with the names as <c>classes</c> in the file's metadata; of yes or no <c>Score</c>, the logit,
    /// and <c>Probability</c>; of a number <c>Score</c>; of an autoencoder the embedding and the reconstruction error, called as their columns.
    /// Before anything is written, ONNX Runtime scores the given rows by the file and LibTorch by the trained modules.
    /// </summary>
    /// <param name="model">A fitted pipeline that holds one deep network, or the network's transformer.</param>
    /// <param name="path">The file; replaced where it exists, and written whole or not at all.</param>
    /// <param name="parityOn">Rows as the pipeline takes them, at least one.</param>
    /// <param name="tolerance">The greatest difference of a score that is accepted, above 0, relative to the spread of its output; see <see cref="OnnxParity.Tolerance"/>. Default 1e-4.</param>
    /// <returns>How closely the two agree.</returns>
    /// <exception cref="InvalidOperationException">The pipeline holds no deep network, there are no rows, or the scores differ by more.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static OnnxParity SaveAsOnnx(this ITransformer model, string path, IDataView parityOn, double tolerance = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(parityOn);
        Check.Positive(tolerance, nameof(tolerance));

        var (network, rows) = Find(model, parityOn);
        if (network is null)
            throw new InvalidOperationException(
                "The model holds no deep network. SaveAsOnnx takes a pipeline that was fitted in this program with a DeepNetwork trainer.");
        var parity = OnnxExport.Check(network, rows, tolerance);
        if (!parity.Holds)
            throw new InvalidOperationException($"Nothing was written to '{path}': the ONNX file would not score like the network, {parity}.");
        AtomicFile.Write(path, network.Onnx);
        return parity;
    }

    /// <summary>The first deep network in a pipeline, and the data as it arrives there.</summary>
    private static (DeepNetworkTransformer? Network, IDataView Data) Find(ITransformer model, IDataView data)
    {
        switch (model)
        {
            case DeepNetworkTransformer network:
                return (network, data);
            case IEnumerable<ITransformer> chain:
                foreach (var part in chain)
                {
                    (var found, data) = Find(part, data);
                    if (found is not null)
                        return (found, data);
                }
                return (null, data);
            default:
                return (null, model.Transform(data));
        }
    }
}
