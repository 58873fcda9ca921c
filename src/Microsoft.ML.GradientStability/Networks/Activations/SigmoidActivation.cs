using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Logistic function, f(x) = 1/(1+e⁻ˣ), f'(0) = ¼. ONNX operator Sigmoid.</summary>
public sealed record SigmoidActivation : Activation
{
    internal SigmoidActivation() { }

    internal override nn.init.NonlinearityType Nonlinearity => nn.init.NonlinearityType.Sigmoid;

    internal override double MeanSquaredSlope => 1.0 / 16;

    internal override bool Saturates => true;

    internal override nn.Module<Tensor, Tensor> CreateModule() => nn.Sigmoid();

    internal override string WriteOnnx(OnnxGraph graph, string input, string name) => graph.Add("Sigmoid", [input], name);
}
