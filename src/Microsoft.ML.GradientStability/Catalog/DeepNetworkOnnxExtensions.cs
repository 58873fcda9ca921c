using System.Text.Json;
using Microsoft.ML.GradientStability;

namespace Microsoft.ML;

/// <summary>ONNX export of deep networks in a pipeline.</summary>
public static class DeepNetworkOnnxExtensions
{
    /// <summary>
    /// Writes the deep network of a fitted pipeline, alone, as an ONNX file (any batch size). Input: the feature column, batch ×
    /// features, or, of several feature columns, each of them, keys as UInt32 from 1, 0 for a missing one. Outputs: of several classes <c>Score</c>, the probability of each, batch × classes, and <c>PredictedLabel</c>, the index
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
        var (parity, difference) = OnnxExport.Check(network, rows, tolerance);
        if (!parity.Holds)
            throw new InvalidOperationException($"Nothing was written to '{path}': the ONNX file would not score like the network, {parity}.{difference}");
        AtomicFile.Write(path, network.Features.All.Count > 1 ? InputDoor.OfColumns(network.Onnx.ToArray(), network.Features.All.Select(part => (part.Name, part.Width, part.Keys))) : network.Onnx);
        return parity;
    }

    /// <summary>
    /// Writes a fitted pipeline as one ONNX file, from the columns of the data to its predictions: what ML.NET's own converter makes of its transforms, and
    /// the deep networks. Inputs and outputs are called as the columns, batch × values each: those of the data that the outputs are made of, and all that
    /// deep networks make, and what is made of that, or what the options name. A predicted label of several classes is their text where the
    /// pipeline maps its key back, otherwise the index of the class, from 0, with the names as <c>classes</c> in the file's metadata. Before anything is written
    /// ONNX Runtime scores the sample by the file, and every output is held against the column of the pipeline.
    /// </summary>
    /// <param name="catalog"><c>mlContext.Model</c>.</param>
    /// <param name="pipeline">A fitted pipeline that holds one or more deep networks.</param>
    /// <param name="sample">Rows as the pipeline takes them, at least one; the rows that count are those that the file is meant for.</param>
    /// <param name="path">The file; replaced where it exists, and written whole or not at all.</param>
    /// <param name="options">What differs from the defaults.</param>
    /// <returns>What was written, and how closely it agrees.</returns>
    /// <exception cref="NotSupportedException">
    /// A transform has no form in ONNX, or one that does not compute what the transform does; the message names it, the first node that differs, and the
    /// part of the pipeline that can be written.
    /// </exception>
    /// <exception cref="InvalidOperationException">The pipeline holds no deep network that was fitted in this program, or there are no rows.</exception>
    /// <exception cref="ArgumentException">An option names a column that there is not.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static OnnxExportReport SaveAsOnnx(this ModelOperationsCatalog catalog, ITransformer pipeline, IDataView sample, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (file, report) = PipelineExport.Create(catalog, pipeline, sample, Path.GetFileName(path), options ?? new OnnxExportOptions());
        file.Write(path);
        return report;
    }

    /// <summary>
    /// Opens an ONNX file of this library again, of a whole pipeline or of a network alone: a model that scores, that can be saved, whose options
    /// <see cref="DeepNetworkModelExtensions.GetDeepNetworkOptions"/> gives, and that <c>Fit(data, previous)</c> goes on from. Single values are scalars again,
    /// and the index of a class is a key with the name of the class as text.
    /// </summary>
    /// <param name="catalog"><c>mlContext.Model</c>.</param>
    /// <param name="path">A file by <c>SaveAsOnnx</c>.</param>
    /// <returns>The model; dispose of it, so that ML.NET deletes its temporary file.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or was not written by this library.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="NotSupportedException">Its weights stand in a file of their own, and are more than a model in one piece holds; or it is the file of a pipeline that takes rows of any length.</exception>
    /// <exception cref="InvalidOperationException">The context asks for a GPU that there is not, and not for the CPU in its place.</exception>
    public static ITransformer LoadFromOnnx(this ModelOperationsCatalog catalog, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var onnx = File.ReadAllBytes(path);
        catalog = ScoringDevice.For(catalog);
        try
        {
            return OnnxImport.Load(catalog, ExternalData.Inline(path, onnx));
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException or FormatException or JsonException or KeyNotFoundException)
        {
            throw new InvalidDataException($"'{path}' cannot be loaded: {e.Message}", e);
        }
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
