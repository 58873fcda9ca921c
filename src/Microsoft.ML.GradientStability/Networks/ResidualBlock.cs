using System.Numerics.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Layers under a shortcut, <c>after(s(x) + g·b(x))</c>: b the layers one after the other, s the identity or a learned map, g a learned
/// gate, after what stands behind the sum; each but the layers optional. In training the branch of a row is left out with a fixed
/// probability.
/// </summary>
internal sealed class ResidualBlock : NetworkPart, IWrittenOut
{
    private readonly WeightMap? _projection;
    private readonly Parameter? _gate;
    private readonly Nonlinearity? _after;
    private readonly double _keep;
    private readonly RandomMask _kept;
    private readonly FitRandom _random;

    /// <param name="name">Of the block in the network.</param>
    /// <param name="branch">The layers, at least one.</param>
    /// <param name="residual">The form of the shortcut.</param>
    /// <param name="origin">Of the weights of a projection; what branches to leave out is drawn from it too.</param>
    /// <param name="keep">The probability with which the branch counts in training, in (0, 1].</param>
    /// <param name="after">What stands behind the sum, if anything.</param>
    /// <param name="projection">The learned map of the shortcut, its weights unset; <see langword="null"/> where the shortcut is the identity.</param>
    public ResidualBlock(string name, IReadOnlyList<Layer> branch, Residual residual, in Origin origin, double keep, Nonlinearity? after, WeightMap? projection)
        : base(name)
    {
        (Layers, _keep, _after, _kept, _random) = (branch, keep, after, new RandomMask(keep, origin.Random), origin.Random);
        foreach (var layer in branch)
            register_module(layer.Name, layer);
        _projection = projection;
        if (_projection is not null)
        {
            register_module("projection", _projection);
            (branch[0].Inputs == branch[^1].Units ? Initializer.Identity : origin.Initializer).Initialize(_projection, default, origin);
        }
        if (residual.Gate is { } gate)
        {
            _gate = new Parameter(full(1, (TorchSharp.Scalar)(float)gate, ScalarType.Float32, CPU));
            register_parameter("gate", _gate);
        }
        if (after is not null)
            register_module("after", after);
    }

    public override IReadOnlyList<Layer> Layers { get; }

    public override IEnumerable<Parameter> OwnParameters()
    {
        foreach (var parameter in _projection?.parameters() ?? [])
            yield return parameter;
        if (_gate is not null)
            yield return _gate;
        foreach (var parameter in _after?.parameters() ?? [])
            yield return parameter;
    }

    public override Tensor forward(Tensor input)
    {
        var x = input;
        foreach (var layer in Layers)
            x = layer.forward(x);
        if (_gate is not null)
            x = x * _gate;
        if (training && _keep < 1)
            x = x * _kept.DrawLike(x, 1 / _keep, ofRows: true);
        x = x.Plus(_projection is null ? input : _projection.forward(input));
        return _after is null ? x : _after.forward(x);
    }

    public Pass? WriteOut() => Chain.Of(Layers) is { } branch ? Chain.Of(new Shortcut(this, branch), _after) : null;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _kept.Dispose();
        base.Dispose(disposing);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input)
    {
        foreach (var before in Layers.TakeWhile(before => before != layer))
            input = before.forward(input);
        return layer.LinearOutput(layer, input);
    }

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var layer in Layers)
            x = layer.WriteOnnx(graph, x, $"{path}.{layer.Name}");
        if (_gate is not null)
            x = graph.Add("Mul", [x, graph.Constant($"{path}.gate", _gate)], $"{path}.gated");
        var shortcut = _projection is null
            ? input
            : _projection.WriteOnnx(graph, input, $"{path}.projection");
        x = graph.Add("Add", [x, shortcut], $"{path}.sum");
        return _after?.WriteOnnx(graph, x, $"{path}.after") ?? x;
    }

    /// <summary>
    /// s(x) + f·b(x), f the gate times what is drawn for a row. With G = ∂L/∂y: ∂L/∂b = f·G, ∂L/∂x what b and s make of their gradients together, and
    /// ∂L/∂gate = Σ m·G·b(x), m what is drawn.
    /// </summary>
    private sealed unsafe class Shortcut(ResidualBlock block, Pass branch) : Pass
    {
        private readonly Pass? _projection = block._projection?.WriteOut();
        private readonly Learned? _gate = block._gate is { } gate ? new(gate) : null;
        private readonly Block _output = new(block.Layers[^1].Units);
        private readonly Block _ofBranch = new(block.Layers[^1].Units);
        private Block _branch = null!;
        private float[] _drawn = [];

        public override Block Forward(Block input, bool training)
        {
            _branch = branch.Forward(input, training);
            var rows = input.Rows;
            if (_drawn.Length < rows)
                _drawn = new float[rows];
            if (training && block._keep < 1)
                block._random.Next().FillMask(block._keep, (float)(1 / block._keep), _drawn.AsSpan(0, rows));
            else
                _drawn.AsSpan().Fill(1);
            var straight = _projection?.Forward(input, training) ?? input;
            _output.Of(rows);
            for (var r = 0; r < rows; r++)
                TensorPrimitives.MultiplyAdd(_branch.RowValues(r), Factor(r), straight.RowValues(r), _output.RowValues(r));
            return _output;
        }

        public override Block Backward(Block gradient, bool toInput = true)
        {
            _ofBranch.Of(gradient.Rows);
            for (var r = 0; r < gradient.Rows; r++)
            {
                if (_gate is { } gate)
                    *gate.Gradients += _drawn[r] * TensorPrimitives.Dot(gradient.RowValues(r), _branch.RowValues(r));
                TensorPrimitives.Multiply(gradient.RowValues(r), Factor(r), _ofBranch.RowValues(r));
            }
            var straight = _projection?.Backward(gradient, toInput) ?? gradient;
            var input = branch.Backward(_ofBranch, toInput);
            if (toInput)
                TensorPrimitives.Add(input.Values, straight.Values, input.Values);
            return input;
        }

        private float Factor(int row) => _gate is { } gate ? *gate.Values * _drawn[row] : _drawn[row];
    }
}
