using Microsoft.ML.Data;
using Microsoft.ML.GradientStability;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>What a model tells of the deep network in it.</summary>
public static class DeepNetworkModelExtensions
{
    /// <summary>
    /// The options by which the first deep network of a model was trained, the seed among them; of a fitted pipeline, or of one loaded from
    /// its file. What belongs to one run is left out, as in <see cref="TrainingOptions.ToJson"/>.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline, or the network's transformer.</param>
    /// <returns>The options of the trainer of its task.</returns>
    /// <exception cref="InvalidOperationException">The model holds no deep network.</exception>
    public static DeepNetworkOptions GetDeepNetworkOptions(this ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return DeepNetworkOptions.FromJson(PreviousNetwork.OptionsOf(model));
    }

    /// <summary>
    /// How each deep network of a model was trained, in the order of the pipeline; of a fitted pipeline, or of one loaded from its file or from the ONNX
    /// file of <c>SaveAsOnnx</c>.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline, or the network's transformer.</param>
    /// <returns>A record each; none of a model without deep networks.</returns>
    /// <exception cref="InvalidDataException">The model is damaged, or keeps no such record.</exception>
    public static IReadOnlyList<TrainingLedger> GetTrainingLedgers(this ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. PreviousNetwork.MetadataOf(model).Select(TrainingLedger.Read)];
    }

    /// <summary>
    /// The first deep network of a model by itself, as ML.NET's <c>PermutationFeatureImportance</c> takes it; of a fitted pipeline, or of one loaded
    /// from its file, in which ML.NET finds none. Data for it is what arrives at the network: <c>model.Transform(data)</c>.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline, or the network's transformer.</param>
    /// <returns>A transformer that scores, and shares all with the model.</returns>
    /// <exception cref="InvalidOperationException">The model holds no deep network.</exception>
    public static ITransformer GetDeepNetwork(this ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Find(model) ?? throw new InvalidOperationException(
            "The model holds no deep network of this library by itself. Pass a model that a DeepNetwork trainer fitted, or one loaded from its file; the ONNX file of a whole pipeline is one piece.");
    }

    /// <summary>
    /// Data as ML.NET's <c>PermutationFeatureImportance</c> takes it together with the model, which permutes one vector of numbers: what arrives at the
    /// network and its scores, and, where the network has several feature columns, these as one vector <c>JoinedFeatures</c>, each slot called as its
    /// column, a key by its number. The network scores by that vector where it is there.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline, or the network's transformer.</param>
    /// <param name="data">Rows as the model takes them.</param>
    /// <returns>The data, lazy as everything in ML.NET.</returns>
    /// <exception cref="InvalidOperationException">The model holds no deep network, or one whose rows have different lengths beside other columns.</exception>
    public static IDataView JoinFeatures(this ITransformer model, IDataView data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        var (network, scored) = (model.GetDeepNetwork(), model.Transform(data));
        var features = network is DeepNetworkTransformer fitted ? fitted.Features.In(scored.Schema) : ((LoadedNetwork)network).In(scored.Schema);
        if (features.All.Count > 1 && features.Vary)
            throw new InvalidOperationException(
                $"The feature column '{features.Main.Name}' has rows of different lengths, and one vector of it and others would have no slots that could be permuted. Make it a vector of a known size, empty where a row has less.");
        return features.All.Count == 1 ? scored : new JoinedView(scored, features);
    }

    /// <summary>A loaded network is a chain of its own that ONNX scoring begins, or what joins the columns of its row.</summary>
    private static ITransformer? Find(ITransformer model) => model switch
    {
        DeepNetworkTransformer network => network,
        IEnumerable<ITransformer> chain when chain.FirstOrDefault(part => part is not (KeyToBinaryVectorMappingTransformer or ColumnConcatenatingTransformer)) is OnnxTransformer onnx && PreviousNetwork.OptionsOfNetworkAlone(onnx) is { } options =>
            InternalInterface.Importance.Create<LoadedNetwork>(model, DeepNetworkOptions.FromJson(options)),
        IEnumerable<ITransformer> chain => chain.Select(Find).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
