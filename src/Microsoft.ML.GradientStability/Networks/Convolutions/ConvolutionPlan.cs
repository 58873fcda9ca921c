namespace Microsoft.ML.GradientStability;

/// <summary>The parts of a convolutional network, from the stem to the output layer.</summary>
internal sealed class ConvolutionPlan
{
    private readonly ConvolutionalNetwork _network;
    private readonly Origin _origin;
    private readonly int _dimensions;
    private readonly bool _preNorm;
    private readonly List<NetworkPart> _parts = [];
    private int _channels;

    /// <param name="network">What it is the plan of.</param>
    /// <param name="shape">Of a row.</param>
    /// <param name="origin">Of the weights.</param>
    public ConvolutionPlan(ConvolutionalNetwork network, InputShape shape, in Origin origin)
    {
        (_network, _origin, _channels) = (network, origin, shape.Channels);
        _dimensions = shape.Height > 0 ? 2 : 1;
        _preNorm = network.Residual is { PostNorm: false };
    }

    /// <summary>A convolution of the plan.</summary>
    /// <param name="Units">Channels that it gives.</param>
    /// <param name="Kernel">Positions in each direction.</param>
    /// <param name="Stride">Positions from one output to the next.</param>
    /// <param name="IsDepthwise">Whether every channel is read by itself.</param>
    private readonly record struct Step(int Units, int Kernel, int Stride, bool IsDepthwise = false);

    /// <param name="outputs">Of the output layer over the mean of every channel; <see langword="null"/> where these means are what follows takes.</param>
    public IReadOnlyList<NetworkPart> Parts(int? outputs)
    {
        var stem = new Step(_network.Channels[0], _network.LargeImages ? 7 : _network.Kernel, _network.LargeImages ? 2 : 1);
        var dropout = _network.Residual is null && _network.Dropout > 0 ? new Dropout(_network.Dropout, _origin.Random) : null;
        _parts.Add(Layer("stem", "stem, convolution", stem, plan => plan with { After = _preNorm ? null : Nonlinearity(stem.Units), Dropout = dropout }, ofSignal: _preNorm));
        if (_network.LargeImages)
            _parts.Add(new MaxPool(_dimensions));
        for (var stage = 0; stage < _network.Channels.Length; stage++)
            if (_network.Residual is null)
                AddLayers(stage);
            else
                AddBlocks(stage);
        if (outputs is not { } units)
        {
            _parts.Add(new PooledPart(_dimensions, _preNorm ? Nonlinearity(_channels) : null));
            return _parts;
        }
        _parts.Add(new WeightedLayer(new("output", _channels, units, _origin, new LayerRole(IsOutput: true),
            _network.WeightParametrization.HoldsForOutput ? _network.WeightParametrization : WeightParametrization.None,
            Before: _preNorm ? Nonlinearity(_channels) : null, Map: new PooledMap(_dimensions, _channels, units))));
        return _parts;
    }

    private void AddLayers(int stage)
    {
        for (var layer = 0; layer < _network.Layers; layer++)
            foreach (var step in Steps(stage, isFirst: layer == 0, kernel: _network.Kernel))
            {
                var number = _parts.Count(part => part.Layers.Count > 0);
                _parts.Add(Layer($"convolution{number}", $"convolution {number}", step,
                    plan => plan with { After = Nonlinearity(step.Units), Dropout = CreateDropout() }));
            }
    }

    private void AddBlocks(int stage)
    {
        var length = _network.Bottleneck ? 3 : _network.Residual!.BranchLayers;
        for (var first = 0; first < _network.Layers; first += length)
        {
            var isFirst = first == 0;
            var steps = _network.Bottleneck
                ? Bottleneck(stage, isFirst)
                : [.. Enumerable.Range(first, Math.Min(length, _network.Layers - first)).SelectMany(layer => Steps(stage, layer == 0, _network.Kernel))];
            AddBlock(steps, isFirst && stage > 0 ? 2 : 1);
        }
    }

    private void AddBlock(IReadOnlyList<Step> steps, int stride)
    {
        var (number, blocks, inputs) = (_parts.OfType<ResidualBlock>().Count() + 1, Blocks(), _channels);
        var branch = new List<Layer>();
        for (var index = 0; index < steps.Count; index++)
        {
            var (step, place) = (steps[index], new BranchPlace(blocks, steps.Count, index));
            branch.Add(Layer($"convolution{index + 1}", $"block {number}, convolution {index + 1}", step, plan => plan with
            {
                Role = plan.Role with { Branch = place },
                Before = _preNorm ? Nonlinearity(_channels) : null,
                After = !_preNorm && !place.IsLast ? Nonlinearity(step.Units) : null,
                Dropout = CreateDropout(),
            }));
        }
        var residual = _network.Residual!;
        var projection = residual.Projects || inputs != _channels || stride > 1
            ? new ConvolutionMap("projection", inputs, _channels, new(_dimensions, 1, stride), hasBias: false)
            : null;
        _parts.Add(new ResidualBlock($"block{number}", branch, residual, _origin, keep: 1 - residual.StochasticDepth * number / blocks,
            after: _preNorm ? null : Nonlinearity(_channels), projection));
    }

    /// <summary>The convolutions of one layer.</summary>
    private IReadOnlyList<Step> Steps(int stage, bool isFirst, int kernel)
    {
        var (units, stride) = (_network.Channels[stage], isFirst && stage > 0 ? 2 : 1);
        return _network.Depthwise
            ? [new Step(isFirst && stage > 0 ? _network.Channels[stage - 1] : units, kernel, stride, IsDepthwise: true), new Step(units, 1, 1)]
            : [new Step(units, kernel, stride)];
    }

    private IReadOnlyList<Step> Bottleneck(int stage, bool isFirst)
    {
        var (units, stride) = (_network.Channels[stage], isFirst && stage > 0 ? 2 : 1);
        return [new Step(units / 4, 1, 1), new Step(units / 4, _network.Kernel, stride, _network.Depthwise), new Step(units, 1, 1)];
    }

    private int Blocks()
    {
        var length = _network.Bottleneck ? 3 : _network.Residual!.BranchLayers;
        return _network.Channels.Length * ((_network.Layers + length - 1) / length);
    }

    /// <summary>A layer over the channels that there are, which it changes.</summary>
    private WeightedLayer Layer(string name, string title, Step step, Func<WeightedLayer.Plan, WeightedLayer.Plan> change, bool ofSignal = false)
    {
        var form = new ConvolutionMap.Form(_dimensions, step.Kernel, step.Stride, step.IsDepthwise ? _channels : 1);
        var hasBias = _network.Bias ?? !_network.Traits.RemovesBias;
        var layer = new WeightedLayer(change(new(name, _channels, step.Units, _origin, new LayerRole(ofSignal ? null : _network.Activation), _network.WeightParametrization,
            Map: new ConvolutionMap("convolution", _channels, step.Units, form, hasBias))))
        {
            Title = $"{title} ({_channels}→{step.Units}, {form}{(step.IsDepthwise ? ", depthwise" : "")})",
        };
        _channels = step.Units;
        return layer;
    }

    private Nonlinearity Nonlinearity(int channels) => new(_network.Activation, _network.Normalization, normalizesLast: false, channels, _dimensions);

    private Dropout? CreateDropout() => _network.Dropout > 0 ? new Dropout(_network.Dropout, _origin.Random) : null;
}
