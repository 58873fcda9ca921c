using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>f(x) = x times x/6 + ½ held within [0, 1] (Howard et al. 2019, "Searching for MobileNetV3"). ONNX operator HardSwish.</summary>
public sealed record HardSwishActivation : Activation
{
    [JsonConstructor]
    internal HardSwishActivation() { }

    internal override double Value(double x) => x * Math.Clamp(x / 6 + 0.5, 0, 1);

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.Hardswish();

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("HardSwish", [input], name);
}
