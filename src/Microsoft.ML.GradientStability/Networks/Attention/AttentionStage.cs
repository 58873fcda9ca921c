using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A block of a transformer's encoder (Vaswani et al. 2017): attention, then two dense layers a step, each under a shortcut. With n normalization and g a
/// gate: x ← x + g·f(n(x)), or post-norm x ← n(x + g·f(x)).
/// </summary>
internal sealed class AttentionStage : SequenceStage
{
    private readonly SelfAttention _attention;
    private readonly WeightedLayer _first;
    private readonly WeightedLayer _second;
    private readonly Activation _function;
    private readonly nn.Module<Tensor, Tensor> _activation;
    private readonly StepNormalization _beforeAttention;
    private readonly StepNormalization _beforeLayers;
    private readonly Dropout? _dropout;
    private readonly Dropout? _dropoutOfLayers;
    private readonly Parameter? _gate;
    private readonly Parameter? _gateOfLayers;
    private readonly RandomMask _kept;
    private readonly double _keep;
    private readonly bool _postNorm;

    /// <param name="network">What it is a block of.</param>
    /// <param name="number">Of the block, from 1.</param>
    /// <param name="shape">Of a row.</param>
    /// <param name="origin">Of its weights.</param>
    public AttentionStage(AttentionNetwork network, int number, InputShape shape, in Origin origin) : base($"block{number}")
    {
        var (width, units, branches, residual) = (network.Width, network.FeedForwardUnits ?? 4 * network.Width, 2 * network.Layers, network.Residual);
        (Units, _postNorm, _function) = (width, residual.PostNorm, network.Activation);
        _keep = 1 - residual.StochasticDepth * number / network.Layers;
        _kept = new RandomMask(_keep, origin.Random);
        register_module("attention", _attention = new SelfAttention(network, number, branches, shape, origin));
        register_module("first", _first = Layer("first", $"block {number}, feed-forward 1", width, units, new(branches, 2, 0), network.WeightParametrization, origin, network.Activation));
        register_module("second", _second = Layer("second", $"block {number}, feed-forward 2", units, width, new(branches, 2, 1), network.WeightParametrization, origin));
        register_module("activation", _activation = network.Activation.CreateModule(units));
        register_module("normalization1", _beforeAttention = new StepNormalization("normalization1", network.Normalization, width));
        register_module("normalization2", _beforeLayers = new StepNormalization("normalization2", network.Normalization, width));
        if (network.Dropout > 0)
        {
            register_module("dropout1", _dropout = new Dropout(network.Dropout, origin.Random));
            register_module("dropout2", _dropoutOfLayers = new Dropout(network.Dropout, origin.Random));
        }
        if (residual.Gate is { } gate)
        {
            register_parameter("gate1", _gate = new Parameter(full(1, (TorchSharp.Scalar)(float)gate, ScalarType.Float32, CPU)));
            register_parameter("gate2", _gateOfLayers = new Parameter(full(1, (TorchSharp.Scalar)(float)gate, ScalarType.Float32, CPU)));
        }
    }

    public override IReadOnlyList<Layer> Layers => [.. _attention.Layers, _first, _second];

    public override int Units { get; }

    public override IEnumerable<Parameter> OwnParameters() =>
    [
        .. _attention.OwnParameters(), .. _beforeAttention.OwnParameters(), .. _beforeLayers.OwnParameters(), .. _activation.parameters(),
        .. _gate is null ? Array.Empty<Parameter>() : [_gate, _gateOfLayers!],
    ];

    /// <summary>A linear layer of every step.</summary>
    public static WeightedLayer Layer(string name, string title, int inputs, int units, BranchPlace place, WeightParametrization parametrization, in Origin origin, Activation? activation = null) =>
        new(new(name, inputs, units, origin, new LayerRole(activation, place), parametrization, Map: new LinearMap(inputs, units, hasBias: true, ofSteps: true)))
        {
            Title = $"{title} ({inputs}→{units})",
        };

    public override Tensor forward(Tensor input, StepMask? mask)
    {
        var x = Sum(input, _attention.forward(_postNorm ? input : _beforeAttention.forward(input), mask), _gate, _dropout, _beforeAttention);
        return Sum(x, _second.forward(_activation.forward(_first.forward(_postNorm ? x : _beforeLayers.forward(x)))), _gateOfLayers, _dropoutOfLayers, _beforeLayers);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input, StepMask? mask)
    {
        var x = _postNorm ? input : _beforeAttention.forward(input);
        if (_attention.Layers.Contains(layer))
            return _attention.LinearOutput(layer, x, mask);
        x = Sum(input, _attention.forward(x, mask), _gate, _dropout, _beforeAttention);
        x = _first.forward(_postNorm ? x : _beforeLayers.forward(x));
        return layer == _first ? x : _second.forward(_activation.forward(x));
    }

    public override string WriteOnnx(OnnxGraph graph, string input, StepMaskNodes? mask, string path)
    {
        var attended = _attention.WriteOnnx(graph, _postNorm ? input : Normalized(_beforeAttention, input), mask, $"{path}.attention");
        var x = Sum(input, attended, _gate, "1", _beforeAttention);
        var first = _first.WriteOnnx(graph, _postNorm ? x : Normalized(_beforeLayers, x), $"{path}.first");
        var second = _second.WriteOnnx(graph, _function.WriteOnnx(graph, _activation, first, $"{path}.activation"), $"{path}.second");
        return Sum(x, second, _gateOfLayers, "2", _beforeLayers);

        string Normalized(StepNormalization normalization, string of) => normalization.WriteOnnx(graph, of, $"{path}.{normalization.Name}");

        string Sum(string shortcut, string branch, Parameter? gate, string number, StepNormalization normalization)
        {
            if (gate is not null)
                branch = graph.Add("Mul", [branch, graph.Constant($"{path}.gate{number}", gate)], $"{path}.gated{number}");
            var sum = graph.Add("Add", [shortcut, branch], $"{path}.sum{number}");
            return _postNorm ? Normalized(normalization, sum) : sum;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _kept.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Sum(Tensor shortcut, Tensor branch, Parameter? gate, Dropout? dropout, StepNormalization normalization)
    {
        if (dropout is not null)
            branch = dropout.forward(branch);
        if (gate is not null)
            branch = branch * gate;
        if (training && _keep < 1)
            branch = branch * _kept.DrawLike(branch, 1 / _keep, ofRows: true).clone();
        var sum = shortcut.Plus(branch);
        return _postNorm ? normalization.forward(sum) : sum;
    }
}
