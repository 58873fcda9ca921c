using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// One fully connected layer, <c>s(x) + dropout(after(before(x)·Wᵀ + b))</c>, each part but the linear one optional.
/// Which parts a network uses where is told at <see cref="FeedForwardNetwork"/>. Input (batch × inputs), output (batch × units).
/// </summary>
internal sealed class DenseLayer : nn.Module<Tensor, Tensor>
{
    private readonly Linear _linear;
    private readonly Nonlinearity? _before;
    private readonly Nonlinearity? _after;
    private readonly Dropout? _dropout;
    private readonly bool _hasShortcut;
    private readonly Linear? _projection;

    /// <param name="name">Of the layer in the network.</param>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="units">Width of the output.</param>
    /// <param name="initializer">For the weights.</param>
    /// <param name="gainOf">The activation that the weights make up for; none for a layer that is linear throughout.</param>
    /// <param name="before">Applied to the input.</param>
    /// <param name="after">Applied to the result of the linear map.</param>
    /// <param name="dropout">Share of units set to zero in training.</param>
    /// <param name="shortcut">Whether the layer adds to its input; a learned projection where the widths differ.</param>
    public DenseLayer(string name, int inputs, int units, Initializer initializer, Activation? gainOf = null,
        Nonlinearity? before = null, Nonlinearity? after = null, double dropout = 0, bool shortcut = false) : base(name)
    {
        (Name, Inputs, Units, _before, _after, _hasShortcut) = (name, inputs, units, before, after, shortcut);
        if (before is not null)
            register_module("before", before);
        _linear = nn.Linear(inputs, units);
        register_module("linear", _linear);
        initializer.Initialize(_linear, gainOf);
        if (after is not null)
            register_module("after", after);
        if (dropout > 0)
        {
            _dropout = nn.Dropout(dropout);
            register_module("dropout", _dropout);
        }
        if (shortcut && inputs != units)
        {
            _projection = nn.Linear(inputs, units, hasBias: false);
            register_module("projection", _projection);
            initializer.Initialize(_projection, activation: null);
        }
    }

    public string Name { get; }
    public int Inputs { get; }
    public int Units { get; }

    /// <summary>The layer's name and widths, as a finding shows it.</summary>
    public string Title => $"{Name} ({Inputs}→{Units})";

    /// <summary>‖W‖² of the linear map, the sum of the squares of all its weights.</summary>
    public double SquaredWeightNorm() => _linear.weight!.square().sum().item<float>();

    public override Tensor forward(Tensor input)
    {
        var x = _linear.forward(_before is null ? input : _before.forward(input));
        if (_after is not null)
            x = _after.forward(x);
        if (_dropout is not null)
            x = _dropout.forward(x);
        if (_hasShortcut)
            x = x + (_projection is null ? input : _projection.forward(input));
        return x;
    }

    /// <summary>Writes the nodes of the layer as it computes in evaluation mode, where dropout does nothing.</summary>
    public string WriteOnnx(OnnxGraph graph, string input)
    {
        using var scope = NewDisposeScope();
        var x = WriteLinear(graph, _linear, _before?.WriteOnnx(graph, input, $"{Name}.before") ?? input, $"{Name}.linear");
        if (_after is not null)
            x = _after.WriteOnnx(graph, x, $"{Name}.after");
        if (_hasShortcut)
            x = graph.Add("Add", [x, _projection is null ? input : WriteLinear(graph, _projection, input, $"{Name}.projection")], $"{Name}.sum");
        return x;
    }

    private static string WriteLinear(OnnxGraph graph, Linear linear, string input, string name)
    {
        var inputs = new List<string> { input, graph.Constant($"{name}.weight", linear.weight!) };
        if (linear.bias is not null)
            inputs.Add(graph.Constant($"{name}.bias", linear.bias));
        return graph.Add("Gemm", inputs, name, ("transB", 1));
    }
}
