using System.Numerics;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Gaussian error linear unit, f(x) = x·Φ(x) = ½·x·(1 + erf(x/√2)), not its tanh approximation (Hendrycks and Gimpel 2016).
/// In ONNX written out by Erf, because the operator Gelu is newer than opset 17.
/// </summary>
public sealed record GeluActivation : Activation
{
    [JsonConstructor]
    internal GeluActivation() { }

    internal override double Value(double x) => 0.5 * x * (1 + Gaussian.Erf(x / Math.Sqrt(2)));

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.GELU();

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var scaled = graph.Add("Mul", [input, graph.Constant($"{name}.root", (float)Math.Sqrt(0.5))], $"{name}.scaled");
        var erf = graph.Add("Erf", [scaled], $"{name}.erf");
        var twice = graph.Add("Add", [erf, graph.Constant($"{name}.one", 1)], $"{name}.twice");
        var share = graph.Add("Mul", [twice, graph.Constant($"{name}.half", 0.5f)], $"{name}.share");
        return graph.Add("Mul", [input, share], name);
    }

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => x * VectorMath.Phi(x);

        public Vector<float> Slope(Vector<float> x, Vector<float> y)
        {
            // Φ(x) + x·φ(x), φ the density.
            var density = Vector.Exp(x * x * -0.5f) * (float)(1 / Math.Sqrt(2 * Math.PI));
            return VectorMath.Phi(x) + x * density;
        }
    }
}
