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
        if (embedding is null)
            register_module("shape", _reshape = new Reshape(shape, channelsLast: true));
        else
            register_module(embedding.Name, embedding);
        foreach (var stage in stages)
            register_module(stage.Name, stage);
        Layers = [.. embedding is null ? [] : new Layer[] { embedding }, .. stages.SelectMany(stage => stage.Layers)];
    }

    /// <summary>How far back gradients reach.</summary>
    public TimeProbe Time { get; } = new();

    public override IReadOnlyList<Layer> Layers { get; }

    public override IEnumerable<Parameter> OwnParameters() => _stages.SelectMany(stage => stage.OwnParameters());

    public override Tensor forward(Tensor input)
    {
        var mask = _embedding?.Mask(input);
        var x = Time.Watch(Enter(input));
        foreach (var stage in _stages)
            x = stage.forward(x, mask);
        return _summary.Of(x, mask);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input)
    {
        var mask = _embedding?.Mask(input);
        var x = Enter(input);
        foreach (var stage in _stages)
        {
            if (stage.Layers.Contains(layer))
                return stage.LinearOutput(layer, x, mask);
            x = stage.forward(x, mask);
        }
        return Enter(input);
    }

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        using var scope = NewDisposeScope();
        var mask = _embedding?.WriteMask(graph, input, $"{path}.{_embedding.Name}");
        var x = _embedding?.WriteOnnx(graph, input, $"{path}.{_embedding.Name}") ?? _reshape!.WriteOnnx(graph, input, $"{path}.shape");
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

    private Tensor Enter(Tensor input) => _embedding?.forward(input) ?? _reshape!.forward(input);
}
