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

    /// <param name="shape">Of a row.</param>
    /// <param name="embedding">The vectors of the tokens; <see langword="null"/> where the steps are numbers.</param>
    /// <param name="stages">In order.</param>
    /// <param name="summary">What is looked at in the end.</param>
    public SequenceEncoder(InputShape shape, TokenEmbedding? embedding, IReadOnlyList<SequenceStage> stages, SequenceSummary summary) : base("sequence")
    {
        (_embedding, _stages, _summary) = (embedding, stages, summary);
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

    /// <summary>How far back gradients reach.</summary>
    public TimeProbe Time { get; } = new();

    /// <summary>What gradients keep from step to step of its plain recurrent layers.</summary>
    public IReadOnlyList<RecurrentFlow> Flows => [.. _stages.SelectMany(stage => stage.Flows)];

    public override IReadOnlyList<Layer> Layers { get; }

    public override IEnumerable<Parameter> OwnParameters() => _stages.SelectMany(stage => stage.OwnParameters());

    public override Tensor forward(Tensor input)
    {
        var (x, mask) = Enter(input);
        x = Time.Watch(x, mask);
        foreach (var stage in _stages)
            x = stage.forward(x, mask);
        return _summary.Of(x, mask);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input)
    {
        var (x, mask) = Enter(input);
        foreach (var stage in _stages)
        {
            if (stage.Layers.Contains(layer))
                return stage.LinearOutput(layer, x, mask);
            x = stage.forward(x, mask);
        }
        return Enter(input).Steps;
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

    private (Tensor Steps, StepMask? Mask) Enter(Tensor input) =>
        _embedding is not null ? (_embedding.forward(input), _embedding.Mask(input))
        : _numbers is not null ? _numbers.Of(input)
        : (_reshape!.forward(input), null);

    private (string Steps, StepMaskNodes? Mask) WriteEnter(OnnxGraph graph, string input, string path) =>
        _embedding is not null ? (_embedding.WriteOnnx(graph, input, $"{path}.{_embedding.Name}"), _embedding.WriteMask(graph, input, $"{path}.{_embedding.Name}"))
        : _numbers is not null ? _numbers.WriteOnnx(graph, input, $"{path}.shape")
        : (_reshape!.WriteOnnx(graph, input, $"{path}.shape"), null);
}
