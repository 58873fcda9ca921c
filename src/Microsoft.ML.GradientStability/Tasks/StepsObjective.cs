using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A task that has a target for every step of a sequence: to each step that has one it is what another task is to a row. The loss is the mean over all such
/// steps of a batch, each as heavy as its row. Targets of a batch are rows × steps, NaN for none.
/// </summary>
/// <param name="ofStep">The task of a step.</param>
internal abstract class StepsObjective(SupervisedObjective ofStep) : Objective
{
    public sealed override double LossOfGuessing => ofStep.LossOfGuessing;

    public sealed override double LeastLoss => ofStep.LeastLoss;

    public sealed override bool HasClasses => ofStep.HasClasses;

    /// <summary>The task of a step.</summary>
    protected SupervisedObjective OfStep => ofStep;

    /// <summary>How the label of a step enters the next, where it does.</summary>
    protected abstract FedLabel Label { get; }

    public sealed override void Check(RowStatistics rows, string what) => ofStep.Check(rows, what);

    public sealed override long LargestMatrix(Network network, int inputs) => network.LargestMatrix(inputs, ofStep.Outputs);

    public sealed override NetworkModule CreateModule(Network network, int inputs, in Origin origin, InputCode? code = null) =>
        network.CreateOfSteps(inputs, ofStep.Outputs, origin, Label);

    public sealed override double Weight(in Batch batch) => ofStep.Weight(Steps(batch, null));

    /// <summary>Where labels are fed, the true one of the step before stands by every step.</summary>
    public sealed override Tensor Inputs(NetworkModule module, in Batch batch) => module.FedStep is null ? batch.Features : LabelsBefore.Join(batch.Features, batch.Targets);

    public sealed override Tensor Loss(NetworkModule module, in Batch batch)
    {
        var steps = Steps(batch, module.forward(Inputs(module, batch)));
        return ofStep.Loss(steps.Features, steps.Targets, steps.Weights);
    }

    /// <summary>By the outputs that scoring gives: where labels are fed, by those that the network tells itself.</summary>
    public sealed override Judgement Judge(NetworkModule module, in Batch batch)
    {
        var (outputs, targets, weights) = Steps(batch, module.Predict(batch.Features));
        return new Judgement(ofStep.Loss(outputs, targets, weights), ofStep.Correct(outputs, targets), targets, weights);
    }

    public sealed override IEnumerable<(string Output, Tensor Values)> Scores(NetworkModule module, Tensor features, Tensor? told = null)
    {
        var outputs = told is null ? module.Predict(features) : module.forward(LabelsBefore.Join(features, told));
        return ofStep.Scores(outputs.flatten(0, 1)).Select(score => (score.Output, score.Values.reshape(outputs.shape[0], -1)));
    }

    public sealed override double Spread(string output, double least, double greatest) => ofStep.Spread(output, least, greatest);

    public sealed override void WriteOnnx(OnnxGraph graph, NetworkModule module, string features) =>
        WriteOnnx(graph, module.WriteOnnx(graph, features), FiniteFeatures.WriteOfEveryStep(graph, features, module));

    /// <summary>Writes the scores of the task, rows × steps·scores of a step.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="outputs">The raw outputs of the network, rows × steps × outputs.</param>
    /// <param name="finite">What makes a score NaN, added to it, where a feature of the row is no number, or the step is not there (rows × 1 or steps × 1).</param>
    protected abstract void WriteOnnx(OnnxGraph graph, string outputs, string finite);

    /// <summary>The steps that have targets, as rows: raw outputs where there are such, targets and weights.</summary>
    private Batch Steps(in Batch batch, Tensor? outputs)
    {
        using var onHost = batch.Targets.cpu();
        var targets = MemoryMarshal.Cast<byte, float>(onHost.bytes);
        var steps = targets.Length / (int)batch.Targets.shape[0];
        var (places, rows) = (new List<long>(), new List<long>());
        for (var i = 0; i < targets.Length; i++)
            if (!float.IsNaN(targets[i]))
            {
                places.Add(i);
                rows.Add(i / steps);
            }
        var place = tensor(places.ToArray(), device: batch.Targets.device);
        return new Batch(
            outputs is null ? place : outputs.flatten(0, 1).index_select(0, place),
            batch.Targets.flatten().index_select(0, place).to(ofStep.TargetType),
            batch.Weights?.index_select(0, tensor(rows.ToArray(), device: batch.Targets.device)));
    }
}
