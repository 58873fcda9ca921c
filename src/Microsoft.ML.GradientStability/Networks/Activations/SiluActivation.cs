using System.Numerics;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Sigmoid linear unit or swish, f(x) = x/(1 + e⁻ˣ) (Elfwing, Uchibe and Doya 2018; Ramachandran et al. 2017). ONNX operators Sigmoid
/// and Mul.
/// </summary>
public sealed record SiluActivation : Activation
{
    [JsonConstructor]
    internal SiluActivation() { }

    internal override double Value(double x) => x / (1 + Math.Exp(-x));

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.SiLU();

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("Mul", [input, graph.Add("Sigmoid", [input], $"{name}.gate")], name);

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => x * VectorMath.Sigmoid(x);

        public Vector<float> Slope(Vector<float> x, Vector<float> y)
        {
            var gate = VectorMath.Sigmoid(x);
            return gate * (Vector<float>.One + x * (Vector<float>.One - gate));
        }
    }
}
