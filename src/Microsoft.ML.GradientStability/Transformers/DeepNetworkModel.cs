namespace Microsoft.ML.GradientStability;

/// <summary>A trained network: what it is made of, its weights, and how training went.</summary>
public sealed class DeepNetworkModel
{
    private readonly float[] _parameters;
    private readonly float[][] _buffers;
    private readonly int _inputs;
    private readonly bool _scalesInput;

    internal DeepNetworkModel(Network network, NetworkModule module, FlatParameters parameters, TrainingSummary summary)
    {
        (Network, Summary, _scalesInput) = (network, summary, module.ScalesInput);
        _inputs = module.Layers[0].Inputs;
        _parameters = parameters.ToArray();
        _buffers = [.. module.ScoringBuffers().Select(b => b.Values.data<float>().ToArray())];
    }

    /// <summary>What the network is made of.</summary>
    public Network Network { get; }

    /// <summary>How training went.</summary>
    public TrainingSummary Summary { get; }

    /// <summary>The number of trained weights.</summary>
    public int ParameterCount => _parameters.Length;

    /// <summary>The network as TorchSharp modules again; the caller disposes of them.</summary>
    internal NetworkModule CreateModule(Objective objective)
    {
        var module = objective.CreateModule(Network, _inputs, Initializer.Default);
        if (_scalesInput)
            module.ScaleInput(new InputScaling(new float[_inputs], new float[_inputs]));
        using var parameters = new FlatParameters(module);
        parameters.CopyFrom(_parameters);
        using var scope = TorchSharp.torch.NewDisposeScope();
        foreach (var (buffer, values) in module.ScoringBuffers().Zip(_buffers))
            buffer.Values.copy_(TorchSharp.torch.tensor(values));
        module.eval();
        return module;
    }
}
