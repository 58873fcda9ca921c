using System.Numerics;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Hyperbolic tangent, f(x) = tanh x, f'(0) = 1 (LeCun et al. 1998, "Efficient BackProp"). Its gain is 5/3, as in PyTorch. ONNX operator
/// Tanh.
/// </summary>
public sealed record TanhActivation : Activation
{
    [JsonConstructor]
    internal TanhActivation() { }

    internal override double Value(double x) => Math.Tanh(x);

    internal override bool Saturates => true;

    internal override double Gain => 5.0 / 3;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.Tanh();

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("Tanh", [input], name);

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => VectorMath.Tanh(x);

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector<float>.One - y * y;
    }
}
