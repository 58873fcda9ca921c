using System.Numerics;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// f(x) = x/6 + ½ held within [0, 1], f'(0) = ⅙ (Howard et al. 2019, "Searching for MobileNetV3"). Its gain is that of the sigmoid.
/// ONNX operator HardSigmoid.
/// </summary>
public sealed record HardSigmoidActivation : Activation
{
    [JsonConstructor]
    internal HardSigmoidActivation() { }

    internal override double Value(double x) => Math.Clamp(x / 6 + 0.5, 0, 1);

    internal override bool Saturates => true;

    internal override double Gain => 1;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.Hardsigmoid();

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("HardSigmoid", [input], name, ("alpha", 1f / 6), ("beta", 0.5f));

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => Vector.MinNative(Vector<float>.One, Vector.MaxNative(Vector<float>.Zero, x * (1f / 6) + Vector.Create(0.5f)));

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Vector.Create(3f)), Vector.Create(1f / 6), Vector<float>.Zero);
    }
}
