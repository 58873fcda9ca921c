using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>An activation, a part of its own.</summary>
internal sealed class ActivatedPart : NetworkPart
{
    private readonly Activation _activation;
    private readonly nn.Module<Tensor, Tensor> _module;

    public ActivatedPart(string name, Activation activation) : base(name)
    {
        _activation = activation;
        register_module("activation", _module = activation.CreateModule(1));
    }

    public override IReadOnlyList<Layer> Layers => [];

    public override Tensor forward(Tensor input) => _module.forward(input);

    public override Tensor LinearOutput(Layer layer, Tensor input) => input;

    public override string WriteOnnx(OnnxGraph graph, string input, string path) => _activation.WriteOnnx(graph, _module, input, $"{path}.activation");
}
