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
                var gate = new RecurrentGate(way == 1 ? $"{name}Backward" : name, words, inputs, _hidden, bias, _cell, network.RecurrentInitializer ?? _cell.Recurrent, origin);
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

    public override IEnumerable<Parameter> OwnParameters() => _normalization?.parameters() ?? [];

    public override Tensor forward(Tensor input, StepMask? mask)
    {
        var start = zeros(1, input.shape[0], _hidden, dtype: ScalarType.Float32, device: input.device);
        var x = Run(0, input, start);
        if (_ways.Length > 1)
            x = cat([x, Reversed(Run(1, Reversed(input, mask), start), mask)], 2);
        if (_normalization is not null)
            x = _normalization.forward(x);
        return _dropout is null ? x : _dropout.forward(x);

        static Tensor Reversed(Tensor x, StepMask? mask) => mask is null ? x.flip(1) : mask.Reversed(x);
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var flow in Flows)
                flow.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Run(int way, Tensor input, Tensor start)
    {
        var piece = is_grad_enabled() && _piece is { } steps ? steps : (int)input.shape[1];
        return training && is_grad_enabled() && Flows.Count > 0 && Flows[way].IsOn ? Flows[way].Run(_cell, input, start, piece) : Run(_ways[way], input, start, piece);
    }

    private Tensor Run(RecurrentGate[] gates, Tensor input, Tensor start, int piece) => gates.Length == 1
        ? _cell.Run(input, start, gates[0].OfInput, gates[0].OfSteps, gates[0].Bias, piece)
        : _cell.Run(input, start, cat([.. gates.Select(gate => gate.OfInput)]), cat([.. gates.Select(gate => gate.OfSteps)]), cat([.. gates.Select(gate => gate.Bias)]), piece);

    /// <summary>One way through the operator, which takes and gives steps × batch × …</summary>
    private string WriteWay(OnnxGraph graph, string steps, string? lengths, RecurrentGate[] gates, string name, string direction, string? path = null)
    {
        path ??= name;
        var first = graph.Constant($"{name}.way", [0L]);
        var ordered = _cell.OnnxOrder.Select(index => gates[index]).ToArray();
        using var zero = zeros(gates.Length * _hidden, dtype: ScalarType.Float32, device: CPU);
        var bias = Stack("bias", gate => gate.Bias, graph.Constant($"{name}.noBias", zero));
        string[] inputs = [steps, Stack("input", gate => gate.OfInput), Stack("recurrent", gate => gate.OfSteps), bias];
        var output = graph.Add(_cell.Operator, lengths is null ? inputs : [.. inputs, lengths], $"{name}.cells",
            [("hidden_size", _hidden), ("direction", direction), .. _cell.Attributes]);
        var squeezed = graph.Add("Squeeze", [output, graph.Constant($"{name}.one", [1L])], $"{name}.units");
        return graph.Add("Transpose", [squeezed], $"{name}.rows", ("perm", new[] { 1, 0, 2 }));

        string Stack(string what, Func<RecurrentGate, Tensor> weights, params string[] more)
        {
            var joined = graph.Add("Concat", [.. ordered.Select(gate => graph.Constant($"{path}.{gate.Name}.{what}", weights(gate))), .. more], $"{name}.{what}.gates", ("axis", 0));
            return graph.Add("Unsqueeze", [joined, first], $"{name}.{what}.all");
        }
    }
}
