using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Normalization and activation, the part of a hidden layer that is not linear. Keeps the shape (batch × units).</summary>
internal sealed class Nonlinearity : nn.Module<Tensor, Tensor>
{
    private readonly FeedForwardNetwork _network;
    private readonly nn.Module<Tensor, Tensor>? _normalization;
    private readonly nn.Module<Tensor, Tensor> _activation;

    public Nonlinearity(FeedForwardNetwork network, int units) : base("nonlinearity")
    {
        _network = network;
        _normalization = network.Normalization.CreateModule(units);
        if (_normalization is not null)
            register_module("normalization", _normalization);
        _activation = network.Activation.CreateModule();
        register_module("activation", _activation);
    }

    public override Tensor forward(Tensor input) => _activation.forward(_normalization is null ? input : _normalization.forward(input));

    public string WriteOnnx(OnnxGraph graph, string input, string name)
    {
        if (_normalization is not null)
            input = _network.Normalization.WriteOnnx(graph, _normalization, input, $"{name}.normalization");
        return _network.Activation.WriteOnnx(graph, input, $"{name}.activation");
    }
}
