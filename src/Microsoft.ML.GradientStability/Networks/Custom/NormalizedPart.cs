using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Batch normalization, a part of its own.</summary>
internal sealed class NormalizedPart : NetworkPart
{
    private readonly BatchNormalization _method;
    private readonly nn.Module<Tensor, Tensor> _module;

    public NormalizedPart(string name, BatchNormalization method, int channels) : base(name)
    {
        _method = method;
        register_module("normalization", _module = method.CreateModule(channels));
    }

    public override IReadOnlyList<Layer> Layers => [];

    public override IEnumerable<Parameter> OwnParameters() => _module.parameters();

    public override Tensor forward(Tensor input) => _module.forward(input);

    public override Tensor LinearOutput(Layer layer, Tensor input) => input;

    public override string WriteOnnx(OnnxGraph graph, string input, string path) => _method.WriteOnnx(graph, _module, input, $"{path}.normalization");
}
