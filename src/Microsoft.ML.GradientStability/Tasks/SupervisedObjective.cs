using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>A task whose loss and scores follow from the outputs of the last layer and a target a row.</summary>
internal abstract class SupervisedObjective : Objective
{
    public sealed override bool TakesSparseRows => true;

    /// <summary>Raw outputs of the network a row.</summary>
    protected abstract int Outputs { get; }

    /// <summary>The loss of each row (rows).</summary>
    /// <param name="outputs">rows × <see cref="Outputs"/>.</param>
    /// <param name="targets">rows.</param>
    protected abstract Tensor RowLosses(Tensor outputs, Tensor targets);

    /// <summary>The loss of a batch, from the raw outputs.</summary>
    public virtual Tensor Loss(Tensor outputs, Tensor targets, Tensor? weights) => Mean(RowLosses(outputs, targets), weights);

    /// <summary>Whether each row is classified correctly (rows); none where there are no classes.</summary>
    public virtual Tensor? Correct(Tensor outputs, Tensor targets) => null;

    protected abstract IEnumerable<(string Output, Tensor Values)> Scores(Tensor outputs);

    /// <summary>Writes the scores of the task.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="outputs">The raw outputs of the network.</param>
    /// <param name="finite">What makes a score NaN, added to it, where a feature is no number: see <see cref="FiniteFeatures"/>.</param>
    protected abstract void WriteOnnx(OnnxGraph graph, string outputs, string finite);

    public sealed override long LargestMatrix(Network network, int inputs) => network.LargestMatrix(inputs, Outputs);

    public sealed override NetworkModule CreateModule(Network network, int inputs, in Origin origin, InputCode? code = null) =>
        network.CreateModule(inputs, Outputs, origin, code);

    public sealed override Tensor Loss(NetworkModule module, in Batch batch) => Loss(module.forward(batch.Features), batch.Targets, batch.Weights);

    public sealed override (Tensor Loss, Tensor? Correct) Judge(NetworkModule module, in Batch batch)
    {
        var outputs = module.forward(batch.Features);
        return (Loss(outputs, batch.Targets, batch.Weights), Correct(outputs, batch.Targets));
    }

    public sealed override IEnumerable<(string Output, Tensor Values)> Scores(NetworkModule module, Tensor features) => Scores(module.forward(features));

    public sealed override void WriteOnnx(OnnxGraph graph, NetworkModule module, string features) =>
        WriteOnnx(graph, module.WriteOnnx(graph, features), FiniteFeatures.WriteOnnx(graph, features, module.Features));
}
