using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>The nonlinearity of a hidden layer, applied to each unit. One sealed record a function; the static members name them.</summary>
public abstract record Activation
{
    private protected Activation() { }

    /// <summary>max(0, x): gradients of active units pass unchanged.</summary>
    public static ReluActivation Relu { get; } = new();

    /// <summary>tanh x: saturates towards ±1, where its gradient vanishes.</summary>
    public static TanhActivation Tanh { get; } = new();

    /// <summary>1/(1+e⁻ˣ): saturates towards 0 and 1; its slope is at most ¼, so gradients shrink at every layer.</summary>
    public static SigmoidActivation Sigmoid { get; } = new();

    /// <summary>What TorchSharp's initializers call the function.</summary>
    internal abstract nn.init.NonlinearityType Nonlinearity { get; }

    /// <summary>
    /// The greatest mean of f'(x)² over a zero-mean signal: with σ²·fan-in of the weights it tells by which factor a layer scales
    /// a gradient (He et al. 2015; Schoenholz et al. 2017). ½ for ReLU; f'(0)² for functions that saturate.
    /// </summary>
    internal abstract double MeanSquaredSlope { get; }

    /// <summary>Whether large inputs have a vanishing slope on both sides.</summary>
    internal abstract bool Saturates { get; }

    internal abstract nn.Module<Tensor, Tensor> CreateModule();

    internal abstract string WriteOnnx(OnnxGraph graph, string input, string name);

    /// <summary>The function's name.</summary>
    public sealed override string ToString() => GetType().Name.Replace(nameof(Activation), "");
}
