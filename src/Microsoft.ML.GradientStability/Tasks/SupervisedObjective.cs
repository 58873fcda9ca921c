using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>A task whose loss and scores follow from the outputs of the last layer and a target a row.</summary>
/// <param name="spread">The output that says how far the members of an ensemble are apart; <see langword="null"/> for none.</param>
internal abstract class SupervisedObjective(string? spread) : Objective
{
    public sealed override bool TakesSparseRows => true;

    /// <summary>The output that says how far members are apart; <see langword="null"/> for none.</summary>
    protected string? SpreadOutput => spread;

    /// <summary>Raw outputs of the network a row.</summary>
    public abstract int Outputs { get; }

    /// <summary>The loss of each row (rows).</summary>
    /// <param name="outputs">rows × <see cref="Outputs"/>.</param>
    /// <param name="targets">rows.</param>
    protected abstract Tensor RowLosses(Tensor outputs, Tensor targets);

    /// <summary>The loss of a batch, from the raw outputs.</summary>
    public virtual Tensor Loss(Tensor outputs, Tensor targets, Tensor? weights) => Mean(RowLosses(outputs, targets), weights);

    /// <summary>Whether each row is classified correctly (rows); none where there are no classes.</summary>
    public virtual Tensor? Correct(Tensor outputs, Tensor targets) => null;

    /// <summary>The raw outputs that give the mean of the predictions that an ensemble's members make (rows × <see cref="Outputs"/>).</summary>
    /// <param name="ofMembers">Their raw outputs, members × rows × <see cref="Outputs"/>.</param>
    protected abstract Tensor Average(Tensor ofMembers);

    /// <summary>The same in ONNX.</summary>
    protected abstract string WriteAverage(OnnxGraph graph, string ofMembers);

    /// <summary>What each member predicts, in the unit in which its spread is told (members × rows × <see cref="Outputs"/>).</summary>
    /// <param name="ofMembers">Their raw outputs.</param>
    protected abstract Tensor Predictions(Tensor ofMembers);

    /// <summary>The same in ONNX.</summary>
    protected abstract string WritePredictions(OnnxGraph graph, string ofMembers);

    /// <summary>The scores of the task, from the raw outputs.</summary>
    public abstract IEnumerable<(string Output, Tensor Values)> Scores(Tensor outputs);

    /// <summary>Writes the scores of the task.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="outputs">The raw outputs of the network.</param>
    /// <param name="finite">What makes a score NaN, added to it, where a feature is no number: see <see cref="FiniteFeatures"/>.</param>
    protected abstract void WriteOnnx(OnnxGraph graph, string outputs, string finite);

    public sealed override long LargestMatrix(Network network, int inputs) => network.LargestMatrix(inputs, Outputs);

    public sealed override NetworkModule CreateModule(Network network, int inputs, in Origin origin, InputCode? code = null) =>
        network.CreateModule(inputs, Outputs, origin, code);

    /// <summary>Of an ensemble, the mean of its members' losses: they are averaged when they predict, not when they learn.</summary>
    public sealed override Tensor Loss(NetworkModule module, in Batch batch)
    {
        var outputs = module.forward(batch.Features);
        return module.Members is not { Members: var members } ? Loss(outputs, batch.Targets, batch.Weights)
            : Loss(outputs.flatten(0, 1), batch.Targets.repeat(members), batch.Weights?.repeat(members));
    }

    public sealed override Judgement Judge(NetworkModule module, in Batch batch)
    {
        var outputs = Predict(module, batch.Features);
        return new Judgement(Loss(outputs, batch.Targets, batch.Weights), Correct(outputs, batch.Targets), batch.Targets, batch.Weights);
    }

    public sealed override IEnumerable<(string Output, Tensor Values)> Scores(NetworkModule module, Tensor features, Tensor? told = null)
    {
        var outputs = module.forward(features);
        var scores = Scores(module.Members is null ? outputs : Average(outputs));
        return spread is null ? scores : scores.Append((spread, Predictions(outputs).std(0)));
    }

    public sealed override void WriteOnnx(OnnxGraph graph, NetworkModule module, string features)
    {
        var outputs = module.WriteOnnx(graph, features);
        var finite = FiniteFeatures.WriteOnnx(graph, features, module);
        WriteOnnx(graph, module.Members is null ? outputs : WriteAverage(graph, outputs), finite);
        if (spread is not null)
            graph.AddOutput("Add", [WriteDeviation(graph, WritePredictions(graph, outputs), module.Members!.Members), finite], spread, Outputs);
    }

    /// <summary>√(Σ(x − x̄)²/(members − 1)).</summary>
    private static string WriteDeviation(OnnxGraph graph, string predictions, int members)
    {
        var mean = graph.Add("ReduceMean", [predictions], "spread.mean", ("axes", new[] { 0 }), ("keepdims", 1));
        var off = graph.Add("Sub", [predictions, mean], "spread.off");
        var squares = graph.Add("ReduceMean", [graph.Add("Mul", [off, off], "spread.square")], "spread.squares", ("axes", new[] { 0 }), ("keepdims", 0));
        return graph.Add("Sqrt", [graph.Add("Mul", [squares, graph.Constant("spread.members", members / (members - 1f))], "spread.variance")], "spread.deviation");
    }

    private Tensor Predict(NetworkModule module, Tensor features)
    {
        var outputs = module.forward(features);
        return module.Members is null ? outputs : Average(outputs);
    }
}
