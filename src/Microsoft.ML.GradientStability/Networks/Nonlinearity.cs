using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Normalization and activation, in either order: the part of a hidden layer that is not linear. Keeps the shape (batch × units, or batch × channels ×
/// positions …).
/// </summary>
internal sealed class Nonlinearity : nn.Module<Tensor, Tensor>, IWrittenOut
{
    private readonly Activation _function;
    private readonly Normalization _method;
    private readonly bool _normalizesLast;
    private readonly int _dimensions;
    private readonly nn.Module<Tensor, Tensor>? _normalization;
    private readonly nn.Module<Tensor, Tensor> _activation;
    private readonly int _units;

    /// <param name="activation">Of the layer.</param>
    /// <param name="normalization">Of the layer.</param>
    /// <param name="normalizesLast">Whether normalization comes after activation.</param>
    /// <param name="units">Units, or channels.</param>
    /// <param name="dimensions">Of the positions of a channel; 0 of units.</param>
    public Nonlinearity(Activation activation, Normalization normalization, bool normalizesLast, int units, int dimensions = 0) : base("nonlinearity")
    {
        (_function, _method, _normalizesLast, _units, _dimensions) = (activation, normalization, normalizesLast, units, dimensions);
        _normalization = dimensions == 0 ? normalization.CreateModule(units) : normalization.CreateModuleOfChannels(units);
        if (_normalization is not null)
            register_module("normalization", _normalization);
        _activation = activation.CreateModule(units);
        register_module("activation", _activation);
    }

    /// <summary>What the activation tends to.</summary>
    public (double Least, double Greatest) Range => _function.Range;

    /// <summary>Who looks at the activation's output; <see langword="null"/> for nobody.</summary>
    public ActivationProbe? Probe { get; set; }

    public override Tensor forward(Tensor input)
    {
        if (_normalization is null)
            return Activate(input);
        return _normalizesLast
            ? _normalization.forward(Activate(input))
            : Activate(_normalization.forward(input));
    }

    public Pass? WriteOut()
    {
        var activation = _dimensions == 0 && _function.WriteOut(_activation, _units) is { } pass ? new Probed(this, pass) : null;
        if (_normalization is null || activation is null)
            return activation;
        var normalization = _method.WriteOut(_normalization, _units);
        return normalization is null ? null : _normalizesLast ? Chain.Of(activation, normalization) : Chain.Of(normalization, activation);
    }

    public string WriteOnnx(OnnxGraph graph, string input, string path) => _normalizesLast
        ? WriteNormalization(graph, WriteActivation(graph, input, path), path)
        : WriteActivation(graph, WriteNormalization(graph, input, path), path);

    private Tensor Activate(Tensor input)
    {
        var output = _activation.forward(input);
        Probe?.Read(_dimensions == 0 ? output : ByUnit(output));
        return output;
    }

    /// <summary>Every position as a row of its channels.</summary>
    private static Tensor ByUnit(Tensor output)
    {
        using var frozen = no_grad();
        return output.flatten(2).transpose(1, 2).reshape(-1, output.shape[1]).contiguous();
    }

    private string WriteActivation(OnnxGraph graph, string input, string path) =>
        _function.WriteOnnx(graph, _activation, input, $"{path}.activation");

    private string WriteNormalization(OnnxGraph graph, string input, string path) =>
        _normalization is null ? input
        : _normalization is ChannelNormalization channels ? channels.WriteOnnx(graph, input, $"{path}.normalization", _dimensions)
        : _method.WriteOnnx(graph, _normalization, input, $"{path}.normalization");

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
