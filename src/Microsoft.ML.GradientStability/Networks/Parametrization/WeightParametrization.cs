using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.GradientStability;

/// <summary>
/// What a layer computes its weights (units × inputs) from, so that their scale is kept by construction and not by training.
/// One sealed record a method; the static members name them.
/// </summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(NoWeightParametrization), "None")]
[JsonDerivedType(typeof(WeightStandardization), "WeightStandardization")]
[JsonDerivedType(typeof(WeightNormalization), "WeightNormalization")]
[JsonDerivedType(typeof(SpectralNormalization), "SpectralNormalization")]
public abstract record WeightParametrization
{
    private protected WeightParametrization() { }

    /// <summary>The weights are trained as they are.</summary>
    public static NoWeightParametrization None { get; } = new();

    /// <summary>The weights of every unit to mean 0 and variance 1; goes with group normalization. Hidden layers only.</summary>
    public static WeightStandardization WeightStandardization { get; } = new();

    /// <summary>Direction and length of every unit's weights are trained apart.</summary>
    public static WeightNormalization WeightNormalization { get; } = new();

    /// <summary>The greatest factor that a layer can put on a signal is held at 1.</summary>
    public static SpectralNormalization SpectralNormalization { get; } = new();

    /// <summary>Whether it stands in the output layer as well, which nothing normalizes.</summary>
    internal virtual bool HoldsForOutput => true;

    /// <summary>Whether <see cref="Scale"/> has an effect.</summary>
    internal virtual bool HasFreeScale => true;

    /// <summary>Why it cannot stand in a layer of so many inputs; <see langword="null"/> where it can.</summary>
    internal virtual string? Objection(int inputs) => null;

    /// <summary>The module that makes a layer's weights of those that are stored; <see langword="null"/> for none.</summary>
    /// <param name="weight">Those (units × inputs).</param>
    /// <param name="random">For what starts at random.</param>
    internal abstract nn.Module<Tensor, Tensor>? CreateModule(Parameter weight, FitRandom random);

    /// <summary>The module written out.</summary>
    internal abstract WrittenWeights WriteOut(nn.Module<Tensor, Tensor>? module, Parameter weight);

    /// <summary>Multiplies the weights that the module makes, where their scale is free.</summary>
    internal virtual void Scale(nn.Module<Tensor, Tensor>? module, Parameter weight, double factor) => weight.mul_((TorchSharp.Scalar)factor);

    /// <summary>
    /// Writes the nodes of <paramref name="module"/> as it computes in evaluation mode. They depend on constants alone; ONNX Runtime
    /// computes them once, when it loads the file.
    /// </summary>
    internal abstract string WriteOnnx(OnnxGraph graph, nn.Module<Tensor, Tensor> module, string weight, string name);

    /// <summary>The method's name.</summary>
    public sealed override string ToString() => this is NoWeightParametrization ? nameof(None) : GetType().Name;
}
