using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a network is trained for: its form, its loss, and how it makes the columns of a model, in TorchSharp and in ONNX.
/// One class a task.
/// </summary>
internal abstract class Objective
{
    /// <summary>The loss of a model that knows nothing but the distribution of the targets.</summary>
    public abstract double LossOfGuessing { get; }

    /// <summary>The least loss that certainty can reach: above 0 where targets are smoothed.</summary>
    public virtual double LeastLoss => 0;

    /// <summary>Whether targets are the indexes of classes.</summary>
    public virtual bool HasClasses => false;

    /// <summary>The type of the targets in a batch.</summary>
    public virtual ScalarType TargetType => ScalarType.Float32;

    /// <summary>The columns that a model of this task adds.</summary>
    public abstract ScoreColumns Columns { get; }

    /// <summary>What the metadata of a file say of the task.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> Metadata { get; }

    /// <summary>The same for training that goes on from a previous model, with what that fixed beside its network.</summary>
    /// <exception cref="InvalidOperationException">The previous model is for another task.</exception>
    public virtual Objective After(PreviousNetwork previous) => this;

    /// <summary>The modules of a network for this task.</summary>
    public abstract NetworkModule CreateModule(Network network, int inputs, Initializer initializer);

    /// <summary>How much a batch counts in a mean of losses.</summary>
    public virtual double Weight(in Batch batch) => batch.Weights?.sum().item<float>() ?? batch.Features.shape[0];

    /// <summary>The loss of a batch.</summary>
    public abstract Tensor Loss(NetworkModule module, in Batch batch);

    /// <summary>The loss of a batch, and whether each of its rows is classified correctly, where there are classes.</summary>
    public abstract (Tensor Loss, Tensor? Correct) Judge(NetworkModule module, in Batch batch);

    /// <summary>The outputs of the ONNX file for rows of features, by name (rows × width); indexes of classes left out.</summary>
    public abstract IEnumerable<(string Output, Tensor Values)> Scores(NetworkModule module, Tensor features);

    /// <summary>Writes a network from its features to the outputs of the file, and declares those.</summary>
    public abstract void WriteOnnx(OnnxGraph graph, NetworkModule module, string features);

    /// <summary>Σwᵢ·lᵢ / Σwᵢ over the rows, the mean where they have no weights.</summary>
    protected static Tensor Mean(Tensor rowLosses, Tensor? weights) =>
        weights is null ? rowLosses.mean() : (rowLosses * weights).sum() / weights.sum();
}
