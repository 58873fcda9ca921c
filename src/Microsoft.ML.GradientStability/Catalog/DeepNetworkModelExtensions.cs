using Microsoft.ML.GradientStability;

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
}
