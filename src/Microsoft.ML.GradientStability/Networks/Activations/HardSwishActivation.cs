using System.Numerics;
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

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("HardSwish", [input], name);

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => x * Vector.MinNative(Vector<float>.One, Vector.MaxNative(Vector<float>.Zero, x * (1f / 6) + Vector.Create(0.5f)));

        public Vector<float> Slope(Vector<float> x, Vector<float> y)
        {
            var inside = x * (1f / 3) + Vector.Create(0.5f);
            return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Vector.Create(3f)), inside, Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero));
        }
    }
}
