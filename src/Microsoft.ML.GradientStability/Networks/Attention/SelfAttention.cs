using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Self-attention of several heads (Vaswani et al. 2017): softmax(q·kᵀ/√d)·v a head, q, k and v linear in x, d the width of a head. A step looks at all
/// steps that are there, or, causal, at those up to itself. With QK-normalization q and k have root mean square 1, times a learned scale, so that no product
/// can saturate the softmax (Henry et al. 2020).
/// </summary>
internal sealed class SelfAttention : nn.Module<Tensor, StepMask?, Tensor>
{
    /// <summary>Added to what is not looked at: so little that its share is 0, and not so little that a row without steps is none of numbers.</summary>
    private const float Never = -1e9f;

    private static readonly Scalar s_one = 1f;
    private static readonly Scalar s_never = -Never;

    private readonly WeightedLayer _door;
    private readonly WeightedLayer _output;
    private readonly nn.Module<Tensor, Tensor>? _ofQueries;
    private readonly nn.Module<Tensor, Tensor>? _ofKeys;
    private readonly Scalar _scale;
    private readonly float _factor;
    private readonly long[] _split;
    private readonly bool _varies;
    private readonly int _width;
    private readonly Tensor? _future;

    /// <param name="network">What it is part of.</param>
    /// <param name="block">The number of its block, from 1.</param>
    /// <param name="shape">Of a row.</param>
    /// <param name="origin">Of its weights.</param>
    /// <param name="blocks">Of the network.</param>
    public SelfAttention(AttentionNetwork network, int block, int blocks, InputShape shape, in Origin origin) : base("attention")
    {
        (_varies, _width) = (shape.VariesInLength, network.Width);
        var steps = shape.Length;
        var head = _width / network.Heads;
        _factor = (float)(1 / Math.Sqrt(head));
        (_scale, _split) = (_factor, [0, 0, 3, network.Heads, head]);
        _door = AttentionStage.Layer("door", $"block {block}, query, key and value", _width, 3 * _width, new(blocks, 2, 0), network.WeightParametrization, origin);
        _output = AttentionStage.Layer("output", $"block {block}, attention", _width, _width, new(blocks, 2, 1), network.WeightParametrization, origin);
        register_module(_door.Name, _door);
        register_module(_output.Name, _output);
        if (network.QkNormalization)
        {
            register_module("queries", _ofQueries = Normalization.Rms.CreateModule(head)!);
            register_module("keys", _ofKeys = Normalization.Rms.CreateModule(head)!);
        }
        if (network.Causal)
        {
            var future = new float[steps * steps];
            for (var step = 0; step < steps; step++)
                future.AsSpan(step * steps + step + 1, steps - step - 1).Fill(Never);
            register_buffer("future", _future = tensor(future, [steps, steps], device: CPU));
        }
    }

    public IReadOnlyList<Layer> Layers => [_door, _output];

    public IEnumerable<Parameter> OwnParameters() => (_ofQueries?.parameters() ?? []).Concat(_ofKeys?.parameters() ?? []);

    public override Tensor forward(Tensor input, StepMask? mask) => _output.forward(Attend(input, mask));

    public Tensor LinearOutput(Layer layer, Tensor input, StepMask? mask) => layer == _door ? _door.forward(input) : _output.forward(Attend(input, mask));

    public string WriteOnnx(OnnxGraph graph, string input, StepMaskNodes? mask, string path)
    {
        var split = graph.Add("Reshape", [_door.WriteOnnx(graph, input, $"{path}.door"), graph.Constant($"{path}.split", _split)], $"{path}.heads");
        var heads = graph.Add("Transpose", [split], $"{path}.turned", ("perm", new[] { 2, 0, 3, 1, 4 }));
        var (queries, keys, values) = (Part(0, "query"), Part(1, "key"), Part(2, "value"));
        if (_ofQueries is not null)
            queries = Normalization.Rms.WriteOnnx(graph, _ofQueries, queries, $"{path}.queries");
        if (_ofKeys is not null)
            keys = Normalization.Rms.WriteOnnx(graph, _ofKeys, keys, $"{path}.keys");
        var products = graph.Add("MatMul", [queries, graph.Add("Transpose", [keys], $"{path}.keysTurned", ("perm", new[] { 0, 1, 3, 2 }))], $"{path}.products");
        var scores = graph.Add("Mul", [products, graph.Constant($"{path}.scale", _factor)], $"{path}.scores");
        if (_future is not null)
        {
            var future = graph.Constant($"{path}.future", _future);
            scores = graph.Add("Add", [scores, _varies ? FirstSteps.Write(graph, future, [0, 1], input, $"{path}.future.here") : future], $"{path}.past");
        }
        if (mask is not null)
        {
            var missing = graph.Add("Mul", [graph.Add("Sub", [mask.There, graph.Constant($"{path}.one", 1)], $"{path}.missing"), graph.Constant($"{path}.never", -Never)], $"{path}.never.there");
            scores = graph.Add("Add", [scores, graph.Add("Unsqueeze", [missing, graph.Constant($"{path}.axes", [1L, 2L])], $"{path}.never.all")], $"{path}.there");
        }
        var looks = graph.Add("MatMul", [graph.Add("Softmax", [scores], $"{path}.shares", ("axis", -1)), values], $"{path}.looks");
        var joined = graph.Add("Reshape",
            [graph.Add("Transpose", [looks], $"{path}.steps", ("perm", new[] { 0, 2, 1, 3 })), graph.Constant($"{path}.join", [0, 0, _width])], $"{path}.joined");
        return _output.WriteOnnx(graph, joined, $"{path}.output");

        string Part(long index, string name) => graph.Add("Squeeze",
            [graph.Add("Gather", [heads, graph.Constant($"{path}.{name}.index", [index])], $"{path}.{name}.part", ("axis", 0)), graph.Constant($"{path}.{name}.axis", [0L])], $"{path}.{name}");
    }

    /// <summary>What the heads look at, side by side.</summary>
    private Tensor Attend(Tensor input, StepMask? mask)
    {
        var (rows, steps) = (input.shape[0], input.shape[1]);
        var heads = _door.forward(input).view([rows, steps, .. _split[2..]]).permute(2, 0, 3, 1, 4);
        var (queries, keys, values) = (heads.select(0, 0), heads.select(0, 1), heads.select(0, 2));
        if (_ofQueries is not null)
            queries = _ofQueries.forward(queries);
        if (_ofKeys is not null)
            keys = _ofKeys.forward(keys);
        var scores = queries.matmul(keys.transpose(-2, -1)).mul(_scale);
        if (_future is not null)
            scores = scores.Plus(_future.narrow(0, 0, steps).narrow(1, 0, steps));
        if (mask is not null)
            scores = scores.Plus(mask.There.sub(s_one).mul(s_never).unsqueeze(1).unsqueeze(1));
        return nn.functional.softmax(scores, -1).matmul(values).transpose(1, 2).reshape(rows, steps, _width);
    }
}
