using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A network over sequences up to its output layer: the steps of a row, numbers or embedded tokens, stage by stage, and what is looked at in
/// the end. Input batch × numbers of a row, output batch × units.
/// </summary>
internal sealed class SequenceEncoder : NetworkPart
{
    private readonly Reshape? _reshape;
    private readonly StepsOfNumbers? _numbers;
    private readonly TokenEmbedding? _embedding;
    private readonly IReadOnlyList<SequenceStage> _stages;
    private readonly SequenceSummary _summary;
    private readonly LabelFeed? _feed;
    private readonly int _size;

    /// <param name="shape">Of a row.</param>
    /// <param name="embedding">The vectors of the tokens; <see langword="null"/> where the steps are numbers.</param>
    /// <param name="stages">In order.</param>
    /// <param name="summary">What is looked at in the end.</param>
    /// <param name="feed">What puts the label of the step before beside the features of each; <see langword="null"/> for nothing.</param>
    public SequenceEncoder(InputShape shape, TokenEmbedding? embedding, IReadOnlyList<SequenceStage> stages, SequenceSummary summary, LabelFeed? feed = null) : base("sequence")
    {
        (_embedding, _stages, _summary, _feed, _size) = (embedding, stages, summary, feed, shape.StepSize);
        StepSize = shape.VariesInLength ? shape.StepSize : 0;
        if (embedding is not null)
            register_module(embedding.Name, embedding);
        else if (shape.VariesInLength)
            _numbers = new StepsOfNumbers(shape.Channels);
        else
            register_module("shape", _reshape = new Reshape(shape, channelsLast: true));
        foreach (var stage in stages)
            register_module(stage.Name, stage);
        Layers = [.. embedding is null ? [] : new Layer[] { embedding }, .. stages.SelectMany(stage => stage.Layers)];
    }

    /// <summary>Numbers of a step where rows have different lengths; 0 where all have one.</summary>
    public int StepSize { get; }

    /// <summary>Features of a step where labels are fed too, so that rows have those of the steps before behind them (<see cref="LabelsBefore"/>); <see langword="null"/> where none are.</summary>
    public int? FedStep => _feed is null ? null : _size;

    /// <summary>Whether steps are tokens.</summary>
    public bool AreTokens => _embedding is not null;

    /// <summary>How far back gradients reach.</summary>
    public TimeProbe Time { get; } = new();

    /// <summary>What gradients keep from step to step of its plain recurrent layers.</summary>
    public IReadOnlyList<RecurrentFlow> Flows => [.. _stages.SelectMany(stage => stage.Flows)];

    public override IReadOnlyList<Layer> Layers { get; }

    public override IEnumerable<Parameter> OwnParameters() => _stages.SelectMany(stage => stage.OwnParameters());

    public override Tensor forward(Tensor input)
    {
        var (x, mask) = EnterFed(input);
        x = Time.Watch(x, mask);
        foreach (var stage in _stages)
            x = stage.forward(x, mask);
        return _summary.Of(x, mask);
    }

    /// <summary>The outputs of the network for rows without labels, told step by step.</summary>
    /// <param name="input">batch × numbers of a row.</param>
    /// <param name="output">What stands behind this part.</param>
    public Tensor Tell(Tensor input, Func<Tensor, Tensor> output)
    {
        var (x, mask) = Enter(input);
        return _feed!.Run(x, mask, output);
    }

    /// <summary>The nodes of <see cref="Tell"/>.</summary>
    public string WriteTell(OnnxGraph graph, string input, Func<string, string> writeOutput)
    {
        using var scope = NewDisposeScope();
        var (x, mask) = WriteEnter(graph, input, Name);
        return _feed!.WriteRun(graph, x, mask, writeOutput, Name);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input)
    {
        var (x, mask) = EnterFed(input);
        foreach (var stage in _stages)
        {
            if (stage.Layers.Contains(layer))
                return stage.LinearOutput(layer, x, mask);
            x = stage.forward(x, mask);
        }
        return x;
    }

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        using var scope = NewDisposeScope();
        var (x, mask) = WriteEnter(graph, input, path);
        foreach (var stage in _stages)
            x = stage.WriteOnnx(graph, x, mask, $"{path}.{stage.Name}");
        return _summary.WriteOnnx(graph, x, mask, $"{path}.summary");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Time.Dispose();
        base.Dispose(disposing);
    }

    private (Tensor Steps, StepMask? Mask) EnterFed(Tensor input)
    {
        if (_feed is null)
            return Enter(input);
        var (features, labels) = LabelsBefore.Part(input, _size);
        var (x, mask) = Enter(features);
        return (_feed.Beside(x, labels, mask), mask);
    }

    private (Tensor Steps, StepMask? Mask) Enter(Tensor input) =>
        _embedding is not null ? (_embedding.forward(input), _embedding.Mask(input))
        : _numbers is not null ? _numbers.Of(input)
        : (_reshape!.forward(input), null);

    private (string Steps, StepMaskNodes? Mask) WriteEnter(OnnxGraph graph, string input, string path) =>
        _embedding is not null ? (_embedding.WriteOnnx(graph, input, $"{path}.{_embedding.Name}"), _embedding.WriteMask(graph, input, $"{path}.{_embedding.Name}"))
        : _numbers is not null ? _numbers.WriteOnnx(graph, input, $"{path}.shape")
        : (_reshape!.WriteOnnx(graph, input, $"{path}.shape"), null);
}
