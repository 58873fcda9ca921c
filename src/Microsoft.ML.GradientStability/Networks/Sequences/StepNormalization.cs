using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>A normalization of every step by itself, a part of its own.</summary>
internal sealed class StepNormalization : NetworkPart
{
    private readonly Normalization _method;
    private readonly nn.Module<Tensor, Tensor>? _module;

    /// <param name="name">Its name in the network.</param>
    /// <param name="method">Layer or RMS normalization, or none.</param>
    /// <param name="units">Of a step.</param>
    public StepNormalization(string name, Normalization method, int units) : base(name)
    {
        (_method, _module) = (method, method.CreateModule(units));
        if (_module is not null)
            register_module("normalization", _module);
    }

    public override IReadOnlyList<Layer> Layers => [];

    public override IEnumerable<Parameter> OwnParameters() => _module?.parameters() ?? [];

    public override Tensor forward(Tensor input) => _module is null ? input : _module.forward(input);

    public override Tensor LinearOutput(Layer layer, Tensor input) => input;

    public override string WriteOnnx(OnnxGraph graph, string input, string path) =>
        _module is null ? input : _method.WriteOnnx(graph, _module, input, $"{path}.normalization");
}
