using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The nonlinearity of a hidden layer, applied to each unit. One sealed record a function; the static members name them. Keeps the
/// shape (batch × units).
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(ReluActivation), "Relu")]
[JsonDerivedType(typeof(LeakyReluActivation), "LeakyRelu")]
[JsonDerivedType(typeof(PReluActivation), "PRelu")]
[JsonDerivedType(typeof(EluActivation), "Elu")]
[JsonDerivedType(typeof(SeluActivation), "Selu")]
[JsonDerivedType(typeof(GeluActivation), "Gelu")]
[JsonDerivedType(typeof(SiluActivation), "Silu")]
[JsonDerivedType(typeof(MishActivation), "Mish")]
[JsonDerivedType(typeof(SoftplusActivation), "Softplus")]
[JsonDerivedType(typeof(TanhActivation), "Tanh")]
[JsonDerivedType(typeof(SigmoidActivation), "Sigmoid")]
[JsonDerivedType(typeof(HardTanhActivation), "HardTanh")]
[JsonDerivedType(typeof(HardSigmoidActivation), "HardSigmoid")]
[JsonDerivedType(typeof(HardSwishActivation), "HardSwish")]
public abstract record Activation
{
    private protected Activation() { }

    /// <summary>max(0, x): gradients of active units pass unchanged.</summary>
    public static ReluActivation Relu { get; } = new();

    /// <summary>x above 0, a little of it below: no unit ever dies.</summary>
    /// <param name="negativeSlope">a, the slope below 0, in [0, 1). Default 0.01.</param>
    public static LeakyReluActivation LeakyRelu(double negativeSlope = 0.01) => new() { NegativeSlope = negativeSlope };

    /// <summary>The same with a slope that is learnt.</summary>
    /// <param name="initialSlope">The slope below 0 to begin with, in [0, 1). Default 0.25 (He et al. 2015).</param>
    public static PReluActivation PRelu(double initialSlope = 0.25) => new() { InitialSlope = initialSlope };

    /// <summary>x above 0, α·(eˣ − 1) below: smooth, with a mean near 0.</summary>
    /// <param name="alpha">α, above 0. Default 1.</param>
    public static EluActivation Elu(double alpha = 1) => new() { Alpha = alpha };

    /// <summary>A scaled ELU that drives every layer to mean 0 and variance 1 by itself; made for <see cref="Initializer.LeCunNormal"/>.</summary>
    public static SeluActivation Selu { get; } = new();

    /// <summary>x·Φ(x), Φ the normal distribution: a smooth ReLU.</summary>
    public static GeluActivation Gelu { get; } = new();

    /// <summary>x/(1+e⁻ˣ), also called swish: a smooth ReLU.</summary>
    public static SiluActivation Silu { get; } = new();

    /// <summary>x·tanh(ln(1+eˣ)): a smooth ReLU.</summary>
    public static MishActivation Mish { get; } = new();

    /// <summary>ln(1+eˣ): a smooth ReLU that is never 0; its slope is below 1 everywhere.</summary>
    /// <param name="beta">β, how sharply it bends, above 0. Default 1.</param>
    public static SoftplusActivation Softplus(double beta = 1) => new() { Beta = beta };

    /// <summary>tanh x: saturates towards ±1, where its gradient vanishes.</summary>
    public static TanhActivation Tanh { get; } = new();

    /// <summary>1/(1+e⁻ˣ): saturates towards 0 and 1; its slope is at most ¼, so gradients shrink at every layer.</summary>
    public static SigmoidActivation Sigmoid { get; } = new();

    /// <summary>x held within bounds: a tanh of straight lines.</summary>
    /// <param name="min">The lower bound, below 0. Default −1.</param>
    /// <param name="max">The upper bound, above 0. Default 1.</param>
    public static HardTanhActivation HardTanh(double min = -1, double max = 1) => new() { Min = min, Max = max };

    /// <summary>x/6 + ½ held within 0 and 1: a sigmoid of straight lines; its slope is at most ⅙.</summary>
    public static HardSigmoidActivation HardSigmoid { get; } = new();

    /// <summary>x times <see cref="HardSigmoid"/>: a <see cref="Silu"/> of straight lines and a parabola.</summary>
    public static HardSwishActivation HardSwish { get; } = new();

    /// <summary>f(x), for what theory says of it; training uses the module.</summary>
    internal abstract double Value(double x);

    /// <summary>Whether the slope vanishes on both sides, so that signals cannot grow.</summary>
    internal virtual bool Saturates => false;

    /// <summary>
    /// What weights of variance gain²/fan-in make up for: 1/√E[f(z)²] over a standard normal z, which keeps the scale of the signal
    /// (He et al. 2015; √2 for ReLU), or what PyTorch's calculate_gain says where that differs.
    /// </summary>
    internal virtual double Gain => 1 / Math.Sqrt(Gaussian.Mean(x => Value(x) * Value(x)));

    /// <summary>The same for weights that keep lengths: 1/f'(0) where f saturates, so that small signals pass unchanged (Saxe et al. 2014).</summary>
    internal double IsometricGain => Saturates ? 1 / Slope(0, 1e-4) : Gain;

    /// <summary>
    /// √(E[f'(z)²]/E[f(z)²]) over a standard normal z: the factor on a gradient where weights keep the signal at variance 1. 1 is healthy;
    /// a function that is far below takes the gradient away whatever the weights are.
    /// </summary>
    internal double OwnFactor => Math.Sqrt(MeanSquaredSlope(1) / MeanSquare(1));

    /// <summary>What it tends to far from 0, infinite where it does not saturate.</summary>
    internal (double Least, double Greatest) Range => Saturates ? (Value(-1e3), Value(1e3)) : (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>E[f(x)²] over x of mean 0 and this variance.</summary>
    internal double MeanSquare(double variance) => Gaussian.Mean(z => Math.Pow(Value(z * Math.Sqrt(variance)), 2));

    /// <summary>E[f'(x)²] over x of mean 0 and this variance: what the function does to the square of a gradient.</summary>
    internal double MeanSquaredSlope(double variance)
    {
        // Below this the slopes on both sides of 0 are all that counts.
        var deviation = Math.Max(Math.Sqrt(variance), 1e-3);
        return Gaussian.Mean(z => Math.Pow(Slope(z * deviation, 1e-4 * deviation), 2));
    }

    internal abstract nn.Module<Tensor, Tensor> CreateModule(int units);

    /// <summary>The module written out for a layer of so many units; <see langword="null"/> where it is not.</summary>
    internal abstract Pass? WriteOut(nn.Module<Tensor, Tensor> module, int units);

    /// <summary>Writes the nodes of <paramref name="module"/>.</summary>
    internal abstract string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name);

    /// <summary>The numbers that make this one of its kind.</summary>
    private protected virtual string Parameters => "";

    /// <summary>The function's name, with its parameters.</summary>
    public sealed override string ToString() => GetType().Name.Replace(nameof(Activation), "") + (Parameters.Length == 0 ? "" : $"({Parameters})");

    private double Slope(double x, double step) => (Value(x + step) - Value(x - step)) / (2 * step);
}
