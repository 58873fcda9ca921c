using System.Numerics;
using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>f(x) = x held within [min, max], f'(0) = 1 (Collobert 2004). ONNX operator Clip.</summary>
public sealed record HardTanhActivation : Activation
{
    private readonly double _min = -1;
    private readonly double _max = 1;

    [JsonConstructor]
    internal HardTanhActivation() { }

    /// <summary>The lower bound, below 0. Default −1.</summary>
    public double Min
    {
        get => _min;
        init
        {
            Check.That(value < 0, nameof(Min), value, "it must be a number below 0");
            _min = Check.Number(value, nameof(Min));
        }
    }

    /// <summary>The upper bound, above 0. Default 1.</summary>
    public double Max { get => _max; init => _max = Check.Positive(value, nameof(Max)); }

    private protected override string Parameters => Invariant($"{Min}, {Max}");

    internal override double Value(double x) => Math.Clamp(x, Min, Max);

    internal override bool Saturates => true;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => new Clamp(Min, Max);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new((float)Min, (float)Max), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("Clip", [input, graph.Scalar($"{name}.min", (float)Min), graph.Scalar($"{name}.max", (float)Max)], name);

    /// <summary>In place of <c>nn.Hardtanh</c>, which is the identity in TorchSharp 0.107.0 (Upstream/HardtanhTests).</summary>
    private sealed class Clamp(double min, double max) : nn.Module<Tensor, Tensor>("hardtanh")
    {
        private readonly TorchSharp.Scalar _min = min;
        private readonly TorchSharp.Scalar _max = max;

        public override Tensor forward(Tensor input) => input.clamp(_min, _max);
    }

    private readonly struct Function(float min, float max) : IFunction
    {
        public Vector<float> Value(Vector<float> x) => Vector.MinNative(Vector.Create(max), Vector.MaxNative(Vector.Create(min), x));

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector.ConditionalSelect(Vector.Equals(x, y), Vector<float>.One, Vector<float>.Zero);
    }
}
