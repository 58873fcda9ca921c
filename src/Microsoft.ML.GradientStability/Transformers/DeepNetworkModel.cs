namespace Microsoft.ML.GradientStability;

/// <summary>A trained network: what it is made of, its weights, and how training went.</summary>
[TypeFormatterSource]
public sealed class DeepNetworkModel
{
    private readonly string _options;
    private readonly float[] _parameters;
    private readonly float[][] _buffers;
    private readonly int _inputs;
    private readonly bool _scalesInput;
    private readonly InputCode? _code;

    internal DeepNetworkModel(DeepNetworkOptions options, NetworkModule module, FlatParameters parameters, TrainingSummary summary)
    {
        (Network, _options, Summary) = (options.Network, options.ToJson(), summary);
        (_inputs, _scalesInput, _code) = (module.Features, module.ScalesInput, module.Code);
        _parameters = parameters.ToArray();
        _buffers = [.. module.ScoringBuffers().Select(b => b.Values.cpu().data<float>().ToArray())];
    }

    /// <summary>What the network is made of.</summary>
    public Network Network { get; }

    /// <summary>
    /// The options that it was trained with, the seed among them, as a new object at each access; without what belongs to one run, as in
    /// <see cref="TrainingOptions.ToJson"/>.
    /// </summary>
    public DeepNetworkOptions Options => DeepNetworkOptions.FromJson(_options);

    /// <summary>How training went.</summary>
    public TrainingSummary Summary { get; }

    /// <summary>The number of trained weights.</summary>
    public int ParameterCount => _parameters.Length;

    /// <summary>The trained weights, flat, in the order of the layers.</summary>
    internal ReadOnlySpan<float> Parameters => _parameters;

    /// <summary>Features a row, of the longest.</summary>
    internal int Inputs => _inputs;

    /// <summary>The network as TorchSharp modules again; the caller disposes of them.</summary>
    internal NetworkModule CreateModule(Objective objective)
    {
        var module = objective.CreateModule(Network, _inputs, new Origin(Initializer.Constant(0), new FitRandom(0), Cancellation.None), _code);
        if (_scalesInput)
            module.ScaleInput(NoScaling(), NoScaling(), NoScaling());
        using var parameters = new FlatParameters(module);
        parameters.CopyFrom(_parameters);
        using var scope = TorchSharp.torch.NewDisposeScope();
        foreach (var (buffer, values) in module.ScoringBuffers().Zip(_buffers))
            buffer.Values.copy_(TorchSharp.torch.tensor(values, buffer.Values.shape, device: TorchSharp.torch.CPU));
        module.eval();
        return module;

        float[] NoScaling() => new float[module.Scaled];
    }
}
