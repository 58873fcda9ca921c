using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>A part that acts in training alone, such as dropout.</summary>
internal sealed class PassingPart : NetworkPart
{
    private readonly nn.Module<Tensor, Tensor> _module;

    public PassingPart(string name, nn.Module<Tensor, Tensor> module) : base(name) => register_module("module", _module = module);

    public override IReadOnlyList<Layer> Layers => [];

    public override Tensor forward(Tensor input) => _module.forward(input);

    public override Tensor LinearOutput(Layer layer, Tensor input) => input;

    public override string WriteOnnx(OnnxGraph graph, string input, string path) => input;
}
