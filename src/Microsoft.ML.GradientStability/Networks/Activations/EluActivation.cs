using System.Numerics;
using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Exponential linear unit, f(x) = x above 0, α·(eˣ − 1) below (Clevert, Unterthiner and Hochreiter 2016). ONNX operator Elu.
/// </summary>
public sealed record EluActivation : Activation
{
    private readonly double _alpha = 1;

    [JsonConstructor]
    internal EluActivation() { }

    /// <summary>α, above 0: the function falls towards −α. Default 1, PyTorch's.</summary>
    public double Alpha { get => _alpha; init => _alpha = Check.Positive(value, nameof(Alpha)); }

    private protected override string Parameters => Invariant($"{Alpha}");

    internal override double Value(double x) => x > 0 ? x : Alpha * (Math.Exp(x) - 1);

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.ELU(Alpha);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new((float)Alpha), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("Elu", [input], name, ("alpha", (float)Alpha));

    private readonly struct Function(float alpha) : IFunction
    {
        public Vector<float> Value(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, (Vector.Exp(x) - Vector<float>.One) * alpha);

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, y + Vector.Create(alpha));
    }
}
