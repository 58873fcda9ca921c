using System.Numerics;
using System.Text.Json.Serialization;
using static System.FormattableString;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>Softplus, f(x) = ln(1 + e^(β·x))/β (Dugas et al. 2001); x itself where β·x exceeds 20, as in PyTorch. ONNX operator Softplus.</summary>
public sealed record SoftplusActivation : Activation
{
    private readonly double _beta = 1;

    [JsonConstructor]
    internal SoftplusActivation() { }

    /// <summary>β, above 0: the larger, the closer to ReLU. Default 1, PyTorch's.</summary>
    public double Beta { get => _beta; init => _beta = Check.Positive(value, nameof(Beta)); }

    private protected override string Parameters => Invariant($"{Beta}");

    internal override double Value(double x) => Beta * x > 20 ? x : Math.Log(1 + Math.Exp(Beta * x)) / Beta;

    internal override nn.Module<Tensor, Tensor> CreateModule(int units) => nn.Softplus(Beta);

    internal override Pass WriteOut(nn.Module<Tensor, Tensor> module, int units) => new ElementPass<Function>(new((float)Beta), units);

    internal override string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name)
    {
        if (Beta == 1)
            return graph.Add("Softplus", [input], name);
        var beta = graph.Constant($"{name}.beta", (float)Beta);
        var scaled = graph.Add("Mul", [input, beta], $"{name}.scaled");
        return graph.Add("Div", [graph.Add("Softplus", [scaled], $"{name}.softplus"), beta], name);
    }

    private readonly struct Function(float beta) : IFunction
    {
        public Vector<float> Value(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x * beta, Vector.Create(20f)), x, Vector.Log(Vector<float>.One + Vector.Exp(x * beta)) / Vector.Create(beta));

        public Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector.ConditionalSelect(Vector.GreaterThan(x * beta, Vector.Create(20f)), Vector<float>.One, VectorMath.Sigmoid(x * beta));
    }
}
