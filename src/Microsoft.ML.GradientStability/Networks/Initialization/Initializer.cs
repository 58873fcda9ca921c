using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// The first values of the weights. Too large, and signals and gradients explode with depth; too small, and they vanish.
/// One sealed record a scheme; the static members name them. Except with <see cref="Default"/>, biases start at 0.
/// </summary>
public abstract record Initializer
{
    private protected Initializer() { }

    /// <summary>LibTorch's own: it shrinks the signal of a plain ReLU network by 0.41 a layer.</summary>
    public static DefaultInitializer Default { get; } = new();

    /// <summary>Glorot and Bengio 2010, uniform; made for tanh.</summary>
    public static XavierUniformInitializer XavierUniform { get; } = new();

    /// <summary>Glorot and Bengio 2010, normal; made for tanh.</summary>
    public static XavierNormalInitializer XavierNormal { get; } = new();

    /// <summary>He et al. 2015, uniform; made for ReLU.</summary>
    public static HeUniformInitializer HeUniform { get; } = new();

    /// <summary>He et al. 2015, normal; made for ReLU.</summary>
    public static HeNormalInitializer HeNormal { get; } = new();

    /// <summary>Sets the weights (units × inputs) of a layer that is followed by <paramref name="activation"/>, if any.</summary>
    internal void Initialize(Linear layer, Activation? activation)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (InitializeWeight(layer.weight!, activation?.Nonlinearity ?? nn.init.NonlinearityType.Linear) && layer.bias is not null)
            nn.init.zeros_(layer.bias);
    }

    /// <summary>Draws the weights; <see langword="false"/> leaves the layer as LibTorch made it.</summary>
    private protected abstract bool InitializeWeight(Tensor weight, nn.init.NonlinearityType nonlinearity);
}
