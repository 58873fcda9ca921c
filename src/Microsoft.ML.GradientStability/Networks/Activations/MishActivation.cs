using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Mish, f(x) = x·tanh(ln(1 + eˣ)) (Misra 2019). ONNX operators Softplus, Tanh and Mul, because Mish is newer than opset 17.
/// </summary>
public sealed record MishActivation : Activation
{
    [JsonConstructor]
    internal MishActivation() { }

    internal override double Value(double x) => x * Math.Tanh(Math.Log(1 + Math.Exp(x)));

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.Mish();

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var softplus = graph.Add("Softplus", [input], $"{name}.softplus");
        return graph.Add("Mul", [input, graph.Add("Tanh", [softplus], $"{name}.gate")], name);
    }
}
