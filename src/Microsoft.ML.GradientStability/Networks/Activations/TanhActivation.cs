using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Hyperbolic tangent, f(x) = tanh x, f'(0) = 1. ONNX operator Tanh.</summary>
public sealed record TanhActivation : Activation
{
    internal TanhActivation() { }

    internal override nn.init.NonlinearityType Nonlinearity => nn.init.NonlinearityType.Tanh;

    internal override double MeanSquaredSlope => 1;

    internal override bool Saturates => true;

    internal override nn.Module<Tensor, Tensor> CreateModule() => nn.Tanh();

    internal override string WriteOnnx(OnnxGraph graph, string input, string name) => graph.Add("Tanh", [input], name);
}
