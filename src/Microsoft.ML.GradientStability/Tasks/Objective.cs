using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a network is trained for: its form, its loss, and how it makes the columns of a model, in TorchSharp and in ONNX.
/// One class a task.
/// </summary>
internal abstract class Objective
{
    private static readonly TorchSharp.Scalar s_tiny = 1e-30;

    /// <summary>The loss of a model that knows nothing but the distribution of the targets.</summary>
    public abstract double LossOfGuessing { get; }

    /// <summary>
    /// What a feature that is constant in the training rows is multiplied by, less its constant, where features are standardized: by 0 the
    /// network does not look at it.
    /// </summary>
    public virtual float ScaleOfConstants => 0;

    /// <summary>The least loss that certainty can reach: above 0 where targets are smoothed.</summary>
    public virtual double LeastLoss => 0;

    /// <summary>Whether targets are the indexes of classes.</summary>
    public virtual bool HasClasses => false;

    /// <summary>The type of the targets in a batch.</summary>
    public virtual ScalarType TargetType => ScalarType.Float32;

    /// <summary>Whether the features of a batch may be a sparse tensor, where the network takes one.</summary>
    public virtual bool TakesSparseRows => false;

    /// <summary>The columns that a model of this task adds.</summary>
    public abstract ScoreColumns Columns { get; }

    /// <summary>What the metadata of a file say of the task.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> Metadata { get; }

    /// <summary>The same for training that goes on from a previous model, with what that fixed beside its network.</summary>
    /// <exception cref="InvalidOperationException">The previous model is for another task.</exception>
    public virtual Objective After(PreviousNetwork previous) => this;

    /// <summary>Whether some rows, each of weight above 0, can be learnt from and judged by.</summary>
    /// <param name="rows">Their statistics.</param>
    /// <param name="what">The rows, as an error begins.</param>
    /// <exception cref="InvalidOperationException">None of them counts.</exception>
    public virtual void Check(RowStatistics rows, string what) { }

    /// <summary>Weights in the largest matrix of a network for this task.</summary>
    public abstract long LargestMatrix(Network network, int inputs);

    /// <summary>The modules of a network for this task.</summary>
    public abstract NetworkModule CreateModule(Network network, int inputs, in Origin origin, InputCode? code = null);

    /// <summary>How much a batch counts in a mean of losses.</summary>
    public virtual double Weight(in Batch batch) => batch.Weights?.sum().item<float>() ?? batch.Targets.shape[0];

    /// <summary>What the network gets of a batch in training: its features, and more where it takes more.</summary>
    public virtual Tensor Inputs(NetworkModule module, in Batch batch) => batch.Features;

    /// <summary>The loss of a batch.</summary>
    public abstract Tensor Loss(NetworkModule module, in Batch batch);

    /// <summary>The loss of a batch written out; <see langword="null"/> where it is not.</summary>
    public virtual WrittenLoss? WriteOut() => null;

    /// <summary>The loss of a batch, and what is classified correctly, where there are classes.</summary>
    public abstract Judgement Judge(NetworkModule module, in Batch batch);

    /// <summary>The outputs of the ONNX file for rows of features, by name (rows × width); indexes of classes left out.</summary>
    /// <param name="module">The network.</param>
    /// <param name="features">rows × width.</param>
    /// <param name="told">
    /// The labels that were told of every step (rows × steps), indexes of classes for such, NaN for none, where the network is to be fed those in place of its own: two classes that are as likely but for
    /// rounding would part all that follows. <see langword="null"/> for its own.
    /// </param>
    public abstract IEnumerable<(string Output, Tensor Values)> Scores(NetworkModule module, Tensor features, Tensor? told = null);

    /// <summary>
    /// The size that differences of an output are held against when two computations of it are compared: by default its greatest magnitude.
    /// </summary>
    /// <param name="output">Its name.</param>
    /// <param name="least">Its least value.</param>
    /// <param name="greatest">Its greatest.</param>
    public virtual double Spread(string output, double least, double greatest) => Math.Max(Math.Abs(least), Math.Abs(greatest));

    /// <summary>Writes a network from its features to the outputs of the file, and declares those.</summary>
    public abstract void WriteOnnx(OnnxGraph graph, NetworkModule module, string features);

    /// <summary>Σwᵢ·lᵢ / Σwᵢ over the rows, the mean where they have no weights; 0 for a batch that weighs nothing.</summary>
    protected static Tensor Mean(Tensor rowLosses, Tensor? weights) =>
        weights is null ? rowLosses.mean() : (rowLosses * weights).sum() / AboveZero(weights.sum());

    /// <summary>Beside weights of 1, such as those of a fit are made to be, less than this is nothing.</summary>
    protected static Tensor AboveZero(Tensor weight) => weight.clamp(min: s_tiny);
}
