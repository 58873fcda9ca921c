using System.Numerics;
using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Leaky rectified linear unit, f(x) = max(0, x) + a·min(0, x) (Maas, Hannun and Ng 2013). ONNX operator LeakyRelu.</summary>
public sealed record LeakyReluActivation : Activation
{
    private readonly double _negativeSlope = 0.01;

    [JsonConstructor]
    internal LeakyReluActivation() { }

    /// <summary>a, the slope below 0, in [0, 1). Default 0.01, PyTorch's.</summary>
    public double NegativeSlope
    {
        get => _negativeSlope;
        init => _negativeSlope = Check.InRange(value, 0, 1, nameof(NegativeSlope), upperIncluded: false);
    }

    private protected override string Parameters => Invariant($"{NegativeSlope}");

    internal override double Value(double x) => Math.Max(0, x) + NegativeSlope * Math.Min(0, x);

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.LeakyReLU(NegativeSlope);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new((float)NegativeSlope), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("LeakyRelu", [input], name, ("alpha", (float)NegativeSlope));

    private readonly struct Function(float slope) : IFunction
    {
        public Vector<float> Value(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, x * slope);

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector.Create(slope));
    }
}
