using System.Numerics;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// Scaled exponential linear unit, f(x) = λ·x above 0, λ·α·(eˣ − 1) below, with α = 1.6733 and λ = 1.0507 so that mean 0 and variance 1
/// is where every layer settles (Klambauer et al. 2017, "Self-normalizing neural networks"). ONNX operator Selu.
/// </summary>
/// <remarks>
/// It wants weights of variance 1/fan-in, <see cref="Initializer.LeCunNormal"/>, no normalization, and
/// <see cref="FeedForwardNetwork.AlphaDropout"/> in place of dropout. Its gain is 1; PyTorch's calculate_gain says ¾ and its
/// documentation advises against it for such networks.
/// </remarks>
public sealed record SeluActivation : Activation
{
    private const double Alpha = 1.6732632423543772;
    private const double Scale = 1.0507009873554805;

    [JsonConstructor]
    internal SeluActivation() { }

    internal override double Value(double x) => Scale * (x > 0 ? x : Alpha * (Math.Exp(x) - 1));

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.SELU();

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new(), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name) =>
        graph.Add("Selu", [input], name);

    private readonly struct Function : IFunction
    {
        public Vector<float> Value(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x * (float)Scale, (Vector.Exp(x) - Vector<float>.One) * (float)(Scale * Alpha));

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector.Create((float)Scale), y + Vector.Create((float)(Scale * Alpha)));
    }
}
