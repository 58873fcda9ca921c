using System.Numerics;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Rectified linear unit, f(x) = max(0, x) (Nair and Hinton 2010). ONNX operator Relu.</summary>
public sealed record ReluActivation : Activation
{
    [JsonConstructor]
    internal ReluActivation() { }

    internal override double Value(double x) => Math.Max(0, x);

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.ReLU();

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("Relu", [input], name);

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => Vector.MaxNative(Vector<float>.Zero, x);

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);
    }
}
