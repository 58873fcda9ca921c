using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// A recurrent layer, one way or both, behind it normalization and dropout of every step. Both ways, the units of the way back stand behind
/// those of the way forth. Both run over the steps of a row up to the last that is there; one before it that is not enters as zeros.
/// </summary>
internal sealed class RecurrentStage : SequenceStage
{
    private readonly RecurrentCell _cell;
    private readonly Normalization _method;
    private readonly RecurrentGate[][] _ways;
    private readonly nn.Module<Tensor, Tensor>? _normalization;
    private readonly Dropout? _dropout;
    private readonly int _hidden;
    private readonly int? _piece;

    /// <param name="network">What it is a layer of.</param>
    /// <param name="number">Of the layer, from 1.</param>
    /// <param name="inputs">Width of a step.</param>
    /// <param name="origin">Of its weights.</param>
    public RecurrentStage(RecurrentNetwork network, int number, int inputs, in Origin origin) : base($"recurrent{number}")
    {
        (_cell, _method, _hidden, _piece) = (network.Cell, network.Normalization, network.Hidden, network.TruncateAfter);
        _ways = new RecurrentGate[network.Bidirectional ? 2 : 1][];
        for (var way = 0; way < _ways.Length; way++)
        {
            var gates = new List<RecurrentGate>();
            foreach (var (name, title, bias) in _cell.Gates)
            {
                var words = $"{_cell.Kind} {number}{(way == 1 ? ", backward" : "")}{(title == "" ? "" : $", {title}")} ({inputs}→{_hidden})";
                var gate = new RecurrentGate(way == 1 ? $"{name}Backward" : name, words, inputs, _hidden, bias, _cell, network.RecurrentInitializer ?? _cell.Recurrent, network.WeightParametrization, origin);
                register_module(gate.Name, gate);
                gates.Add(gate);
            }
            _ways[way] = [.. gates];
        }
        Flows = _cell.IsPlain ? [.. _ways.Select(way => new RecurrentFlow(way[0]))] : [];
        _normalization = _method.CreateModule(Units);
        if (_normalization is not null)
            register_module("normalization", _normalization);
        if (network.Dropout > 0)
        {
            _dropout = new Dropout(network.Dropout, origin.Random);
            register_module("dropout", _dropout);
        }
    }

    public override IReadOnlyList<Layer> Layers => [.. _ways.SelectMany(way => way)];

    public override IReadOnlyList<RecurrentFlow> Flows { get; }

    public override int Units => _ways.Length * _hidden;

    /// <summary>Tensors that a step hands on to the next.</summary>
    public int States => _cell.States;

    public override IEnumerable<Parameter> OwnParameters() => _normalization?.parameters() ?? [];

    public override Tensor forward(Tensor input, StepMask? mask)
    {
        var start = Start(input);
        var x = Run(0, input, start).Outputs;
        if (_ways.Length > 1)
            x = cat([x, Reversed(Run(1, Reversed(input, mask), start).Outputs, mask)], 2);
        return Behind(x);

        static Tensor Reversed(Tensor x, StepMask? mask) => mask is null ? x.flip(1) : mask.Reversed(x);
    }

    /// <summary>What the first step gets from none before it (states × batch × units).</summary>
    public Tensor Start(Tensor input) => zeros(States, input.shape[0], _hidden, dtype: ScalarType.Float32, device: input.device);

    /// <summary>One step, one way: what it gives (batch × 1 × units), and what it hands on.</summary>
    /// <param name="input">batch × 1 × inputs.</param>
    /// <param name="state">What the step before handed on.</param>
    public (Tensor Output, Tensor State) Next(Tensor input, Tensor state)
    {
        var (h, next) = Run(0, input, state);
        return (Behind(h), next);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input, StepMask? mask) => layer.LinearOutput(layer, input);

    public override string WriteOnnx(OnnxGraph graph, string input, StepMaskNodes? mask, string path)
    {
        var steps = graph.Add("Transpose", [input], $"{path}.steps", ("perm", new[] { 1, 0, 2 }));
        var lengths = mask?.WriteLengths(graph, $"{path}.rows");
        var x = WriteWay(graph, steps, lengths, _ways[0], path, "forward");
        if (_ways.Length > 1)
            x = graph.Add("Concat", [x, WriteWay(graph, steps, lengths, _ways[1], $"{path}.back", "reverse", path)], $"{path}.ways", ("axis", 2));
        return _normalization is null ? x : _method.WriteOnnx(graph, _normalization, x, $"{path}.normalization");
    }

    /// <summary>The weights of one way as its operator takes them.</summary>
    public string[] WriteWeights(OnnxGraph graph, string path) => WriteWeights(graph, _ways[0], path, path);

    /// <summary>The nodes of <see cref="Next"/>.</summary>
    /// <param name="graph">The graph under construction.</param>
    /// <param name="input">batch × 1 × inputs.</param>
    /// <param name="states">What the step before handed on, h first (1 × batch × units each).</param>
    /// <param name="weights">Of <see cref="WriteWeights(OnnxGraph, string)"/>.</param>
    /// <param name="path">Where it stands in the network.</param>
    public (string Output, string[] States) WriteNext(OnnxGraph graph, string input, ReadOnlySpan<string> states, string[] weights, string path)
    {
        var perm = new[] { 1, 0, 2 };
        var step = graph.Add("Transpose", [input], $"{path}.steps", ("perm", perm));
        string[] next = graph.Add(_cell.Operator, [step, .. weights, "", .. states], $"{path}.cells", States == 1 ? ["", "h"] : ["", "h", "c"],
            [("hidden_size", _hidden), .. _cell.Attributes]);
        var x = graph.Add("Transpose", [next[0]], $"{path}.rows", ("perm", perm));
        return (_normalization is null ? x : _method.WriteOnnx(graph, _normalization, x, $"{path}.normalization"), next);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var flow in Flows)
                flow.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What stands behind the cells of every step.</summary>
    private Tensor Behind(Tensor h)
    {
        var x = _normalization is null ? h : _normalization.forward(h);
        return _dropout is null ? x : _dropout.forward(x);
    }

    private (Tensor Outputs, Tensor End) Run(int way, Tensor input, Tensor start)
    {
        var piece = is_grad_enabled() && _piece is { } steps ? steps : (int)input.shape[1];
        return training && is_grad_enabled() && Flows.Count > 0 && Flows[way].IsOn ? Flows[way].Run(_cell, input, start, piece) : Run(_ways[way], input, start, piece);
    }

    private (Tensor Outputs, Tensor End) Run(RecurrentGate[] gates, Tensor input, Tensor start, int piece) => gates.Length == 1
        ? _cell.Run(input, start, gates[0].OfInput(), gates[0].OfSteps(), gates[0].Bias, piece)
        : _cell.Run(input, start, cat([.. gates.Select(gate => gate.OfInput())]), cat([.. gates.Select(gate => gate.OfSteps())]), cat([.. gates.Select(gate => gate.Bias)]), piece);

    /// <summary>One way through the operator, which takes and gives steps × batch × …</summary>
    private string WriteWay(OnnxGraph graph, string steps, string? lengths, RecurrentGate[] gates, string name, string direction, string? path = null)
    {
        string[] inputs = [steps, .. WriteWeights(graph, gates, name, path ?? name)];
        var output = graph.Add(_cell.Operator, lengths is null ? inputs : [.. inputs, lengths], $"{name}.cells",
            [("hidden_size", _hidden), ("direction", direction), .. _cell.Attributes]);
        var squeezed = graph.Add("Squeeze", [output, graph.Constant($"{name}.one", [1L])], $"{name}.units");
        return graph.Add("Transpose", [squeezed], $"{name}.rows", ("perm", new[] { 1, 0, 2 }));
    }

    private string[] WriteWeights(OnnxGraph graph, RecurrentGate[] gates, string name, string path)
    {
        var first = graph.Constant($"{name}.way", [0L]);
        var ordered = _cell.OnnxOrder.Select(index => gates[index]).ToArray();
        using var zero = zeros(gates.Length * _hidden, dtype: ScalarType.Float32, device: CPU);
        var bias = Stack("bias", gate => graph.Constant($"{path}.{gate.Name}.bias", gate.Bias), graph.Constant($"{name}.noBias", zero));
        return [Stack("input", gate => gate.WriteOfInput(graph, $"{path}.{gate.Name}")), Stack("recurrent", gate => gate.WriteOfSteps(graph, $"{path}.{gate.Name}")), bias];

        string Stack(string what, Func<RecurrentGate, string> weights, params string[] more)
        {
            var joined = graph.Add("Concat", [.. ordered.Select(weights), .. more], $"{name}.{what}.gates", ("axis", 0));
            return graph.Add("Unsqueeze", [joined, first], $"{name}.{what}.all");
        }
    }
}
