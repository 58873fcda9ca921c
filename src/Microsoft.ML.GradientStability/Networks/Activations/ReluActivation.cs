using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Rectified linear unit, f(x) = max(0, x) (Nair and Hinton 2010). ONNX operator Relu.</summary>
public sealed record ReluActivation : Activation
{
    internal ReluActivation() { }

    internal override nn.init.NonlinearityType Nonlinearity => nn.init.NonlinearityType.ReLU;

    internal override double MeanSquaredSlope => 1.0 / 2;

    internal override bool Saturates => false;

    internal override nn.Module<Tensor, Tensor> CreateModule() => nn.ReLU();

    internal override string WriteOnnx(OnnxGraph graph, string input, string name) => graph.Add("Relu", [input], name);
}
