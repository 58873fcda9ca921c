using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What rescales the pre-activations of a hidden layer, between the linear map and the activation.
/// One sealed record a method; the static members name them.
/// </summary>
public abstract record Normalization
{
    private protected Normalization() { }

    /// <summary>Nothing: the scale of the signal is left to the initial weights.</summary>
    public static NoNormalization None { get; } = new();

    /// <summary>Every row to mean 0 and variance 1 over the units of the layer; independent of the batch.</summary>
    public static LayerNormalization Layer { get; } = new();

    /// <summary>Every unit to mean 0 and variance 1 over the rows of the batch.</summary>
    public static BatchNormalization Batch { get; } = new();

    /// <summary>The module for a layer of so many units; <see langword="null"/> for none.</summary>
    internal abstract nn.Module<Tensor, Tensor>? CreateModule(int units);

    /// <summary>Writes the nodes of <paramref name="module"/> as it computes in evaluation mode.</summary>
    internal abstract string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string input, string name);

    /// <summary>The method's name.</summary>
    public sealed override string ToString() => GetType().Name is var name && name == nameof(NoNormalization) ? "None" : name.Replace(nameof(Normalization), "");
}
