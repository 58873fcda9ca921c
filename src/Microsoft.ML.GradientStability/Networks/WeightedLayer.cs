using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// One layer around a linear map, <c>dropout(after(map(before(x))))</c>, each part but the map optional: fully connected, or a convolution.
/// Which parts a network uses where is told at the network. Input (batch × inputs …), sparse where the layer is the
/// first of rows and has <see cref="Slots"/>, output (batch × units …).
/// </summary>
internal sealed class WeightedLayer : Layer, IWrittenOut
{
    private readonly WeightMap _map;
    private readonly WeightParametrization _parametrization;
    private readonly nn.Module<Tensor, Tensor>? _weights;
    private readonly Nonlinearity? _before;
    private readonly Nonlinearity? _after;
    private readonly nn.Module<Tensor, Tensor>? _dropout;
    private readonly int _members;

    public WeightedLayer(in Plan plan) : base(plan.Name, plan.Inputs, plan.Units)
    {
        (_parametrization, _members) = (plan.Parametrization, plan.Members);
        _before = Register("before", plan.Before);
        _map = plan.Map ?? new LinearMap(Inputs, _members * Units, plan.HasBias);
        Register(_map.Name, _map);
        plan.Origin.Initializer.Initialize(_map, plan.Role, plan.Origin);
        _weights = Register("parametrization", _parametrization.CreateModule(_map.Weight, plan.Origin.Random));
        _after = Register("after", plan.After);
        _dropout = Register("dropout", plan.Dropout);
        if (_before is null && _weights is null && _map is LinearMap linear)
            Slots = new SlotLinear(linear);
    }

    /// <summary>What a layer is made of.</summary>
    /// <param name="Name">Of the layer in the network.</param>
    /// <param name="Inputs">Width of the input.</param>
    /// <param name="Units">Width of the output.</param>
    /// <param name="Origin">Of the weights.</param>
    /// <param name="Role">What the initializer has to know.</param>
    /// <param name="Parametrization">What the weights are computed by.</param>
    /// <param name="HasBias">Whether the linear map adds a learned number to every unit.</param>
    /// <param name="Before">Applied to the input.</param>
    /// <param name="After">Applied to the result of the linear map.</param>
    /// <param name="Dropout">Applied to the result.</param>
    /// <param name="Members">Of an ensemble, each with a linear map of its own: see <see cref="MemberMap"/>. Default 1: one map for all rows.</param>
    /// <param name="Map">The map, its weights unset; by default the linear one of rows.</param>
    public readonly record struct Plan(string Name, int Inputs, int Units, Origin Origin, LayerRole Role,
        WeightParametrization Parametrization, bool HasBias = true, Nonlinearity? Before = null, Nonlinearity? After = null,
        nn.Module<Tensor, Tensor>? Dropout = null, WeightMap? Map = null, int Members = 1);

    /// <summary>The linear map over sparse rows; <see langword="null"/> where the layer takes dense ones only.</summary>
    public SlotLinear? Slots { get; }

    public override double SquaredWeightNorm()
    {
        using var scope = NewDisposeScope();
        return Weights().square().sum().item<float>();
    }

    public override void ScaleWeights(double factor)
    {
        using var scope = NewDisposeScope();
        _parametrization.Scale(_weights, _map.Weight, factor);
    }

    /// <summary>Multiplies its outputs by way of its weights, where nothing stands behind these and their scale is free; tells whether it is so.</summary>
    public bool ScaleOutputs(double factor)
    {
        if (_after is not null || !_parametrization.HasFreeScale)
            return false;
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        ScaleWeights(factor);
        _map.Bias?.mul_((TorchSharp.Scalar)factor);
        return true;
    }

    public override Tensor forward(Tensor input)
    {
        var x = Linear(input);
        if (_after is not null)
            x = _after.forward(x);
        return _dropout is null ? x : _dropout.forward(x);
    }

    public Pass? WriteOut()
    {
        var weights = _parametrization.WriteOut(_weights, _map.Weight);
        var product = _members == 1 ? _map.WriteOut(weights) : new MemberProduct(_map, _members, weights);
        return product is null ? null : Chain.Of(_before, product, _after, _dropout);
    }

    public override Tensor LinearOutput(Layer layer, Tensor input) => Linear(input);

    public override string WriteOnnx(OnnxGraph graph, string input, string path)
    {
        using var scope = NewDisposeScope();
        var x = _before?.WriteOnnx(graph, input, $"{path}.before") ?? input;
        var weight = graph.Constant($"{path}.{_map.Name}.weight", _map.Weight);
        if (_weights is not null)
            weight = _parametrization.WriteOnnx(graph, _weights, weight, $"{path}.parametrization");
        x = _members == 1 ? _map.WriteOnnx(graph, x, weight, $"{path}.{_map.Name}")
            : MemberMap.WriteOnnx(graph, x, weight, _map.Bias, _members, Inputs, $"{path}.linear");
        return _after?.WriteOnnx(graph, x, $"{path}.after") ?? x;
    }

    private Tensor Linear(Tensor input)
    {
        if (input.is_sparse)
            return _map.Bias is null ? Slots!.Forward(input) : Slots!.Forward(input).Plus(_map.Bias);
        var x = _before is null ? input : _before.forward(input);
        return _members > 1 ? MemberMap.Forward(x, Weights(), _map.Bias, _members) : _map.Apply(x, Weights());
    }

    private Tensor Weights() => _weights is null ? _map.Weight : _weights.forward(_map.Weight);

    private TModule? Register<TModule>(string name, TModule? module) where TModule : nn.Module
    {
        if (module is not null)
            register_module(name, module);
        return module;
    }
}
