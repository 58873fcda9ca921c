using System.Numerics;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Logistic function, f(x) = 1/(1 + e⁻ˣ), f'(0) = ¼ (Rumelhart, Hinton and Williams 1986). Its gain is 1, as in PyTorch. ONNX operator
/// Sigmoid.
/// </summary>
public sealed record SigmoidActivation : Activation
{
    [JsonConstructor]
    internal SigmoidActivation() { }

    internal override double Value(double x) => 1 / (1 + Math.Exp(-x));

    internal override bool Saturates => true;

    internal override double Gain => 1;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.Sigmoid();

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("Sigmoid", [input], name);

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => VectorMath.Sigmoid(x);

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => y * (Vector<float>.One - y);
    }
}
