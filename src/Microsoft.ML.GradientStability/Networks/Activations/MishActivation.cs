using System.Numerics;
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

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        var softplus = graph.Add("Softplus", [input], $"{name}.softplus");
        return graph.Add("Mul", [input, graph.Add("Tanh", [softplus], $"{name}.gate")], name);
    }

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => x * Gate(x);

        public Vector<float> Slope(Vector<float> x, Vector<float> y)
        {
            var gate = Gate(x);
            return gate + x * VectorMath.Sigmoid(x) * (Vector<float>.One - gate * gate);
        }

        /// <summary>tanh(ln(1 + eˣ)) = n/(n + 2) with n = eˣ·(eˣ + 2); beyond 20 it is 1 and the square too large for a Single.</summary>
        private static Vector<float> Gate(Vector<float> x)
        {
            var e = Vector.Exp(Vector.MinNative(Vector.Create(20f), x));
            var n = e * (e + Vector.Create(2f));
            return n / (n + Vector.Create(2f));
        }
    }
}
