using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Normalization and activation, in either order: the part of a hidden layer that is not linear. Keeps the shape (batch × units).</summary>
internal sealed class Nonlinearity : nn.Module<Tensor, Tensor>, IWrittenOut
{
    private readonly FeedForwardNetwork _network;
    private readonly nn.Module<Tensor, Tensor>? _normalization;
    private readonly nn.Module<Tensor, Tensor> _activation;
    private readonly int _units;

    public Nonlinearity(FeedForwardNetwork network, int units) : base("nonlinearity")
    {
        (_network, _units) = (network, units);
        _normalization = network.Normalization.CreateModule(units);
        if (_normalization is not null)
            register_module("normalization", _normalization);
        _activation = network.Activation.CreateModule(units);
        register_module("activation", _activation);
    }

    /// <summary>Who looks at the activation's output; <see langword="null"/> for nobody.</summary>
    public ActivationProbe? Probe { get; set; }

    public override Tensor forward(Tensor input)
    {
        if (_normalization is null)
            return Activate(input);
        return _network.NormalizeAfterActivation
            ? _normalization.forward(Activate(input))
            : Activate(_normalization.forward(input));
    }

    public Pass? WriteOut()
    {
        var activation = _network.Activation.WriteOut(_activation, _units) is { } pass ? new Probed(this, pass) : null;
        if (_normalization is null || activation is null)
            return activation;
        var normalization = _network.Normalization.WriteOut(_normalization, _units);
        return normalization is null ? null : _network.NormalizeAfterActivation ? Chain.Of(activation, normalization) : Chain.Of(normalization, activation);
    }

    public string WriteOnnx(OnnxGraph graph, string input, string path) => _network.NormalizeAfterActivation
        ? WriteNormalization(graph, WriteActivation(graph, input, path), path)
        : WriteActivation(graph, WriteNormalization(graph, input, path), path);

    private Tensor Activate(Tensor input)
    {
        var output = _activation.forward(input);
        Probe?.Read(output);
        return output;
    }

    private string WriteActivation(OnnxGraph graph, string input, string path) =>
        _network.Activation.WriteOnnx(graph, _activation, input, $"{path}.activation");

    private string WriteNormalization(OnnxGraph graph, string input, string path) =>
        _normalization is null ? input : _network.Normalization.WriteOnnx(graph, _normalization, input, $"{path}.normalization");

    /// <summary>The activation, at whose output somebody may look.</summary>
    private sealed class Probed(Nonlinearity nonlinearity, Pass activation) : Pass
    {
        public override Block Forward(Block input, bool training)
        {
            var output = activation.Forward(input, training);
            nonlinearity.Probe?.Read(output.Values, output.Rows);
            return output;
        }

        public override Block Backward(Block gradient, bool toInput = true) => activation.Backward(gradient, toInput);
    }
}
